import AdjointData

/// The viewer and a trace as one page.
struct HTMLPage {
    /// What the page may do: run and style itself, and nothing else. It asks the network for
    /// nothing.
    static let policy =
        "default-src 'none'; script-src 'unsafe-inline' data:; style-src 'unsafe-inline'; "
        + "img-src data:; worker-src blob:"

    private let document: TraceDocument
    private let title: String

    init(_ document: TraceDocument, title: String) {
        self.document = document
        self.title = title
    }

    var text: String {
        let (encoding, payload) = trace
        let styles = ["studio.css", "stepper.css"].map { WebAsset.named($0)!.text }
        let icon = WebAsset.named("mark.svg")!
        return """
            <!doctype html>
            <html lang="en" data-mode="static">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="\(Self.policy)">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>\(HTMLText.escaped(title))</title>
            <link rel="icon" href="\(HTMLModules.address(icon.mediaType, icon.text))">
            <style>
            \(styles.joined(separator: "\n"))
            </style>
            <script type="importmap">\(HTMLModules.importMap)</script>
            </head>
            <body>
            <noscript>\(HTMLFinalValues(document, title: title).text)</noscript>
            <script type="application/octet-stream" id="trace" data-encoding="\(encoding)">
            \(payload)
            </script>
            <script type="module">import "adjoint/\(HTMLModules.entry)";</script>
            </body>
            </html>

            """
    }

    /// The trace as letters that no markup can hide in, packed where zlib is there.
    private var trace: (encoding: String, payload: String) {
        var named = document
        named.retitle(title)
        let lines = named.jsonLines
        if let packed = Gzip.shared?.packed(lines) { return ("gzip", Base64.text(packed)) }
        return ("base64", Base64.text(lines))
    }
}
