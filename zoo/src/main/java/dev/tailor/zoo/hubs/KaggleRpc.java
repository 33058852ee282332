package dev.tailor.zoo.hubs;

import com.google.gson.JsonObject;
import dev.tailor.hub.HubRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Questions to Kaggle's RPC interface, which kagglehub uses since 0.4: a POST of JSON each, default values left out. */
record KaggleRpc(KaggleSettings settings, KaggleHandle handle) {
    private static final String SERVICE = "models.ModelApiService/";
    private static final String ENUM = "MODEL_FRAMEWORK_";

    /** The interface's names, which differ from those of handles in case and underscores. */
    private static final List<String> FRAMEWORKS = List.of(
            "TENSOR_FLOW_1",
            "TENSOR_FLOW_2",
            "TF_LITE",
            "TF_JS",
            "PY_TORCH",
            "JAX",
            "FLAX",
            "PAX",
            "MAX_TEXT",
            "GEMMA_CPP",
            "GGML",
            "GGUF",
            "CORAL",
            "SCIKIT_LEARN",
            "MXNET",
            "ONNX",
            "KERAS",
            "TRANSFORMERS",
            "API",
            "OTHER",
            "TENSOR_RT_LLM",
            "TRITON");

    HubRequest instance() {
        return ask("GetModelInstance", variation());
    }

    HubRequest files(int pageSize, String token) {
        JsonObject question = version();
        question.addProperty("pageSize", pageSize);
        if (!token.isEmpty()) {
            question.addProperty("pageToken", token);
        }
        return ask("ListModelInstanceVersionFiles", question);
    }

    /** Answered by a redirect to the bytes of a file, or of the archive. */
    HubRequest download(@Nullable String file) {
        JsonObject question = version();
        if (file != null) {
            question.addProperty("path", file);
        }
        return ask("DownloadModelInstanceVersion", question);
    }

    private JsonObject version() {
        JsonObject question = variation();
        question.addProperty("versionNumber", handle.version());
        return question;
    }

    private JsonObject variation() {
        JsonObject question = new JsonObject();
        question.addProperty("ownerSlug", handle.owner());
        question.addProperty("modelSlug", handle.model());
        question.addProperty("framework", framework(handle.framework()));
        question.addProperty("instanceSlug", handle.variation());
        return question;
    }

    private HubRequest ask(String method, JsonObject question) {
        return HubRequest.get(handle.toString(), settings.rpc(SERVICE + method), settings.rpcCredentials())
                .with("Content-Type", "application/json")
                .asking(question.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** {@code MODEL_FRAMEWORK_TENSOR_FLOW_2} for {@code tensorFlow2}; a framework that is not known by its humps. */
    static String framework(String spelled) {
        String bare = spelled.replaceAll("[^A-Za-z0-9]", "");
        for (String known : FRAMEWORKS) {
            if (known.replace("_", "").equalsIgnoreCase(bare)) {
                return ENUM + known;
            }
        }
        return ENUM
                + spelled.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_")
                        .replaceAll("[^A-Za-z0-9]+", "_")
                        .toUpperCase(Locale.ROOT);
    }
}
