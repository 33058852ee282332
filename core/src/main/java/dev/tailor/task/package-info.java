/** What pipelines do and what they answer: interfaces, and results that are plain records on the heap. */
@NullMarked
package dev.tailor.task;

import org.jspecify.annotations.NullMarked;
