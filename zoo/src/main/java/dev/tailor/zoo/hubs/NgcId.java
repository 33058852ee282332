package dev.tailor.zoo.hubs;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A model of NVIDIA NGC: {@code [kind/]org[/team]/[kind/]name[:version][/file]}; {@code @} in place of {@code :} is taken too.
 *
 * @param team empty for none
 * @param kind {@code models} or {@code resources}
 * @param version empty for the latest
 * @param path a file or a folder of the version, or empty for all
 */
record NgcId(String org, String team, String kind, String name, String version, String path) {
    private static final Pattern FORM = Pattern.compile("([^:@]+)(?:[:@]([A-Za-z0-9][\\w.+-]*)(?:/(.+))?)?");
    private static final Pattern PART = Pattern.compile("[A-Za-z0-9][\\w.-]*");
    private static final Set<String> KINDS = Set.of("models", "resources");

    /**
     * Reads the part of an id after {@code ngc://}.
     *
     * @throws IllegalArgumentException if it has another form
     */
    static NgcId parse(String text) {
        Matcher form = FORM.matcher(text);
        if (form.matches()) {
            List<String> parts = new ArrayList<>(List.of(form.group(1).split("/", -1)));
            String kind = "models";
            for (int place : new int[] {0, parts.size() - 2}) {
                // An organisation may be called like a kind, but then it is followed by two more parts at most.
                if (place >= 0 && parts.size() > 2 && KINDS.contains(parts.get(place))) {
                    kind = parts.remove(place);
                    break;
                }
            }
            if (parts.size() >= 2
                    && parts.size() <= 3
                    && parts.stream().allMatch(part -> PART.matcher(part).matches())) {
                // The command-line tool writes "no-team" for none.
                String team = parts.size() == 3 && !parts.get(1).equals("no-team") ? parts.get(1) : "";
                String version = form.group(2) == null ? "" : form.group(2);
                String path = form.group(3) == null ? "" : form.group(3).replaceAll("/+$", "");
                return new NgcId(parts.get(0), team, kind, parts.get(parts.size() - 1), version, path);
            }
        }
        throw new IllegalArgumentException("\"ngc://" + text
                + "\" is no id of an NGC model. Write ngc://org/model:version, ngc://org/team/model:version or"
                + " ngc://org/team/model:version/file, such as ngc://nvidia/tao/peoplenet:deployable_quantized_v2.5.");
    }

    NgcId at(String other) {
        return new NgcId(org, team, kind, name, other, path);
    }

    /** Whether the id asks for this file. */
    boolean takes(String file) {
        return path.isEmpty() || file.equals(path) || file.startsWith(path + "/");
    }

    /** {@code org/{org}[/team/{team}]}, encoded. */
    String group() {
        return "org/" + HubText.encode(org) + (team.isEmpty() ? "" : "/team/" + HubText.encode(team));
    }

    /** {@code {org}[/{team}]/{name}}, encoded. */
    String plain() {
        return HubText.encode(org + (team.isEmpty() ? "" : "/" + team) + "/" + name);
    }

    @Override
    public String toString() {
        return org + (team.isEmpty() ? "" : "/" + team) + "/" + name + (version.isEmpty() ? "" : ":" + version);
    }
}
