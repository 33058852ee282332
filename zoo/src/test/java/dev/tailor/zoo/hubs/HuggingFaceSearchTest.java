package dev.tailor.zoo.hubs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailor.hub.Environment;
import dev.tailor.hub.FoundModel;
import dev.tailor.hub.HubException;
import dev.tailor.hub.RetryPolicy;
import dev.tailor.hub.SearchQuery;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HuggingFaceSearchTest {
    private static final String FIRST = """
            [{"id":"org/one","downloads":9,"likes":3,"pipeline_tag":"text-classification","library_name":"transformers",
              "gated":"auto","lastModified":"2024-02-19T10:57:45.000Z","tags":["pytorch","license:mit"]},
             {"modelId":"gpt2","gated":false,"lastModified":"soon","tags":[1]}, {"id":"a/b/c/d"}, {"id":7}, 8]""";

    final TwoHosts server = new TwoHosts();
    final Map<String, String> variables = new HashMap<>();

    @BeforeEach
    void set_up() {
        server.onStorage(exchange -> {});
        server.onHub(exchange -> {
            String query = String.valueOf(exchange.getRequestURI().getRawQuery());
            String next = server.hub() + "/api/models?cursor=";
            if (!query.contains("cursor=")) {
                exchange.getResponseHeaders().set("Link", "<" + next + "2>; rel=\"next\"");
                TwoHosts.answer(exchange, 200, FIRST.getBytes(StandardCharsets.UTF_8));
            } else if (query.contains("cursor=2")) {
                exchange.getResponseHeaders().set("Link", "<" + next + "3>; rel=\"next\"");
                TwoHosts.answer(exchange, 200, "[]".getBytes(StandardCharsets.UTF_8));
            } else {
                TwoHosts.answer(exchange, 200, "[{\"id\":\"org/two\"}]".getBytes(StandardCharsets.UTF_8));
            }
        });
        variables.put("HF_ENDPOINT", server.hub().toString());
        variables.put("HF_HOME", "/nowhere");
        variables.put("HF_TOKEN", "hf_secret");
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void turns_pages_only_when_they_are_asked_for() {
        Iterator<List<FoundModel>> pages = search(SearchQuery.of("sst 2 & more")
                .withTask("text-classification")
                .withLibrary("transformers")
                .withPageSize(5));
        assertThat(server.seen()).isEmpty();

        List<FoundModel> first = pages.next();
        assertThat(TwoHosts.paths(server.seen()))
                .containsExactly("GET /api/models?limit=5&search=sst%202%20%26%20more&filter=text-classification"
                        + "&filter=transformers&sort=downloads&direction=-1&full=true");
        assertThat(server.seen().get(0).authorization()).isEqualTo("Bearer hf_secret");
        FoundModel one = first.get(0);
        assertThat(one.id()).hasToString("hf://org/one");
        assertThat(one.task()).isEqualTo("text-classification");
        assertThat(one.library()).isEqualTo("transformers");
        assertThat(one.license()).isEqualTo("mit");
        assertThat(one.downloads()).isEqualTo(9);
        assertThat(one.likes()).isEqualTo(3);
        assertThat(one.updated()).isEqualTo(Instant.parse("2024-02-19T10:57:45Z"));
        assertThat(one.gated()).isTrue();
        FoundModel two = first.get(1);
        assertThat(two.id()).hasToString("hf://gpt2");
        assertThat(two.downloads()).isEqualTo(-1);
        assertThat(two.updated()).isNull();
        assertThat(two.gated()).isFalse();
        assertThat(two.tags()).isEmpty();

        assertThat(pages.hasNext()).as("the empty page is passed over").isTrue();
        assertThat(pages.next()).extracting(model -> model.id().path()).containsExactly("org/two");
        assertThat(pages.hasNext()).isFalse();
        assertThatThrownBy(pages::next).isInstanceOf(NoSuchElementException.class);
        assertThat(server.seen()).hasSize(3);
    }

    @Test
    void sorts_as_the_hub_names_it() {
        search(SearchQuery.all().withSort(SearchQuery.Sort.UPDATED)).next();
        search(SearchQuery.all().withSort(SearchQuery.Sort.LIKES)).next();
        search(SearchQuery.all().withSort(SearchQuery.Sort.RELEVANCE)).next();
        assertThat(TwoHosts.paths(server.seen()))
                .containsExactly(
                        "GET /api/models?limit=20&sort=lastModified&direction=-1&full=true",
                        "GET /api/models?limit=20&sort=likes&direction=-1&full=true",
                        "GET /api/models?limit=20&full=true");
    }

    @Test
    void explains_failures() {
        server.spoil("GET hub", TwoHosts.status(401, "{\"error\":\"Invalid credentials in Authorization header\"}"));
        assertThatThrownBy(() -> search(SearchQuery.all()).next())
                .isInstanceOf(HubException.class)
                .hasMessageContaining("does not accept the token from the variable HF_TOKEN")
                .hasMessageNotContaining("hf_secret");
        server.spoil("GET hub", TwoHosts.status(200, "{}"));
        assertThatThrownBy(() -> search(SearchQuery.all()).next()).hasMessageContaining("Is it a Hugging Face hub?");
        variables.put("HF_HUB_OFFLINE", "1");
        assertThatThrownBy(() -> search(SearchQuery.all())).hasMessageContaining("Offline (HF_HUB_OFFLINE");
        assertThat(server.seen()).hasSize(2);
    }

    private Iterator<List<FoundModel>> search(SearchQuery query) {
        return new HuggingFaceHub(
                        Environment.of(variables), RetryPolicy.standard().withSleeper(time -> {}))
                .search(query);
    }
}
