package dev.tailor.zoo.hubs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailor.hub.Environment;
import dev.tailor.hub.FoundModel;
import dev.tailor.hub.RetryPolicy;
import dev.tailor.hub.SearchQuery;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KaggleSearchTest {
    final FakeKaggle server = new FakeKaggle("org/one/pyTorch/base");

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void searches_page_by_page_and_names_every_variation() {
        String instances = ",\"instances\":[{\"slug\":\"base\",\"framework\":\"MODEL_FRAMEWORK_PY_TORCH\","
                + "\"licenseName\":\"MIT\"},{\"slug\":\"lite\",\"framework\":\"tfLite\"}]";
        server.spoil(
                "/models/list",
                TwoHosts.status(
                        200,
                        "{\"models\":[{\"ref\":\"org/one\",\"title\":\"One\",\"voteCount\":7,\"publishTime\":"
                                + "\"2024-05-01T00:00:00Z\",\"tags\":[{\"name\":\"Text Classification\"}]" + instances
                                + "},{\"ref\":\"../evil\"}],\"nextPageToken\":\"t/2\"}"));
        server.spoil("/models/list", TwoHosts.status(200, "{\"models\":[{\"ref\":\"org/two\"}]}"));
        server.spoil("/org/two/get", TwoHosts.status(200, "{\"x\":1" + instances + "}"));
        SearchQuery query = SearchQuery.of("bert base").withPageSize(5);
        var pages = hub().search(query);
        assertThat(server.seen()).isEmpty();

        List<FoundModel> first = pages.next();
        assertThat(first.stream().map(model -> model.id().toString()))
                .containsExactly("kaggle://org/one/pyTorch/base", "kaggle://org/one/tfLite/lite");
        assertThat(first.get(0).license()).isEqualTo("MIT");
        assertThat(first.get(0).likes()).isEqualTo(7);
        assertThat(first.get(0).updated()).isEqualTo("2024-05-01T00:00:00Z");
        assertThat(TwoHosts.paths(server.seen()))
                .containsExactly("GET /api/v1/models/list?sort_by=downloadCount&page_size=5&search=bert%20base");
        assertThat(pages.next().get(1).id()).hasToString("kaggle://org/two/tfLite/lite");
        assertThat(server.seen().get(1).path()).endsWith("&page_token=t%2F2");
        assertThat(pages.hasNext()).isFalse();
    }

    @Test
    void searches_by_framework_and_tag_and_tells_refusals() {
        for (int i = 0; i < 3; i++) {
            server.spoil(
                    "/models/list",
                    TwoHosts.status(
                            200,
                            "{\"models\":[{\"ref\":\"org/one\",\"tags\":[{\"name\":\"text classification\"}],\"instances\":["
                                    + "{\"slug\":\"a\",\"framework\":\"pyTorch\"},{\"slug\":\"b\",\"framework\":\"keras\"}]}]}"));
        }
        SearchQuery query = SearchQuery.all();
        assertThat(hub().search(query.withLibrary("pytorch")).next()).hasSize(1);
        assertThat(hub().search(query.withTask("text-classification")).next()).hasSize(2);
        assertThat(hub().search(query.withTask("image-classification")).hasNext())
                .isFalse();
        server.spoil("/models/list", TwoHosts.status(401, "{\"code\":401,\"message\":\"who\"}"));
        assertThatThrownBy(() -> hub().search(query).hasNext()).hasMessageContaining("wants to know who asks");
        assertThat(KaggleSearch.framework("MODEL_FRAMEWORK_TENSOR_FLOW_2")).isEqualTo("tensorFlow2");
    }

    private KaggleHub hub() {
        return new KaggleHub(
                Environment.of(Map.of(
                        "HOME",
                        "/nonexistent",
                        "KAGGLE_API_ENDPOINT",
                        server.hub().toString())),
                RetryPolicy.standard().withSleeper(time -> {}));
    }
}
