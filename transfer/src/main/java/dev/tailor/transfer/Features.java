package dev.tailor.transfer;

import java.util.List;

/**
 * Standardized features of both data sets. Read-only.
 *
 * @param files names of the files that a saved copy needs for the same preprocessing
 */
record Features(FeatureCache train, FeatureCache validation, Standardizer standardizer, List<String> files)
        implements AutoCloseable {
    @Override
    public void close() {
        train.close();
        validation.close();
    }
}
