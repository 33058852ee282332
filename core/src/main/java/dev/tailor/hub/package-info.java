/**
 * From an id to a folder of files: the provider interface, and the machinery that every connector shares — HTTP with retries and
 * guarded credentials, resumable and verified downloads, atomic publishing.
 */
@NullMarked
package dev.tailor.hub;

import org.jspecify.annotations.NullMarked;
