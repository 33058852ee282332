package dev.tailor.transfer.report;

/** The head and the looks of a page, for light and dark screens. */
public final class PageStyle {
    private static final String CSS = """
            :root{color-scheme:light dark;--back:#fff;--front:#1d2226;--soft:#8884;--good:43,131,198;--bad:217,118,43}
            @media(prefers-color-scheme:dark){:root{--back:#16191c;--front:#e3e6e8}}
            body{margin:0;background:var(--back);color:var(--front);font:15px/1.5 system-ui,sans-serif}
            main{max-width:1180px;margin:auto;padding:1.5rem}
            h1{font-size:1.5rem;margin:0 0 .3rem;overflow-wrap:anywhere} h2{font-size:1.15rem;margin:2rem 0 .6rem}
            .charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(340px,1fr));gap:1rem}
            .charts svg{width:100%;height:auto;border:1px solid var(--soft);border-radius:6px}
            .wide{overflow-x:auto} table{border-collapse:collapse}
            th,td{border-bottom:1px solid var(--soft);padding:.2rem .7rem;text-align:left;overflow-wrap:anywhere}
            th{font-weight:600} td.n{text-align:right;font-variant-numeric:tabular-nums}
            .matrix td{border:1px solid var(--soft);min-width:2.5rem;text-align:center}
            .matrix td.right{background:rgba(var(--good),calc(var(--s)*.75))}
            .matrix td.wrong{background:rgba(var(--bad),calc(var(--s)*1.5))}
            dl{display:flex;flex-wrap:wrap;gap:1rem;margin:0} dl div{border:1px solid var(--soft);border-radius:6px;padding:.4rem .9rem}
            dt{font-size:.8rem;opacity:.75} dd{margin:0;font-size:1.3rem;font-variant-numeric:tabular-nums}
            .cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(150px,1fr));gap:.8rem}
            figure{margin:0;border:1px solid var(--soft);border-radius:6px;padding:.5rem;overflow-wrap:anywhere}
            figure img{max-width:100%;display:block;margin:auto} .text{margin:0 0 .4rem;white-space:pre-wrap;font-size:.9rem}
            pre{overflow:auto;border:1px solid var(--soft);border-radius:6px;padding:.8rem;font-size:.8rem;max-height:32rem}
            """;

    private PageStyle() {}

    /** Everything up to the content, which goes into a {@code main} element. */
    public static String head(String title) {
        return """
                <!DOCTYPE html>
                <html lang="en"><head><meta charset="utf-8">
                <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%s</title>
                <style>
                %s</style></head><body><main>
                """.formatted(Html.escape(title), CSS);
    }
}
