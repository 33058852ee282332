/** What a training leaves for people: model card, provenance, and a report as one web page. */
@NullMarked
package dev.tailor.transfer.report;

import org.jspecify.annotations.NullMarked;
