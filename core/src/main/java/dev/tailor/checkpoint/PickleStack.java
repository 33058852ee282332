package dev.tailor.checkpoint;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The stack, its marks and the memo of a pickle. */
final class PickleStack {
    private final PickleInput in;
    private final List<PickledValue> values = new ArrayList<>();
    private final List<Integer> marks = new ArrayList<>();
    private final Map<Integer, PickledValue> memo = new HashMap<>();

    PickleStack(PickleInput in) {
        this.in = in;
    }

    void push(PickledValue value) {
        values.add(value);
    }

    PickledValue pop() {
        PickledValue top = top();
        values.remove(values.size() - 1);
        return top;
    }

    PickledValue top() {
        int floor = marks.isEmpty() ? 0 : marks.get(marks.size() - 1);
        if (values.size() <= floor) {
            throw in.damaged("the pickle takes a value where there is none");
        }
        return values.get(values.size() - 1);
    }

    void mark() {
        marks.add(values.size());
    }

    /** Takes away a value or, if there is none above it, a mark. */
    void drop() {
        if (!marks.isEmpty() && marks.get(marks.size() - 1) == values.size()) {
            marks.remove(marks.size() - 1);
        } else {
            pop();
        }
    }

    List<PickledValue> popToMark() {
        if (marks.isEmpty()) {
            throw in.damaged("the pickle ends a list that was not begun");
        }
        List<PickledValue> above = values.subList(marks.remove(marks.size() - 1), values.size());
        List<PickledValue> items = List.copyOf(above);
        above.clear();
        return items;
    }

    void memoize() {
        memo.put(memo.size(), top());
    }

    void memoize(int index) {
        memo.put(index, top());
    }

    void recall(int index) {
        PickledValue value = memo.get(index);
        if (value == null) {
            throw in.damaged("the pickle recalls value " + Integer.toUnsignedString(index) + ", which it never stored");
        }
        push(value);
    }
}
