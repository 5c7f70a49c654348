/// What a page says without scripts: the tensors at the end of the trace, as a table.
struct HTMLFinalValues {
    private static let most = 500

    private let document: TraceDocument
    private let title: String

    init(_ document: TraceDocument, title: String) {
        self.document = document
        self.title = title
    }

    var text: String {
        let rows = self.rows
        let left = rows.count - Self.most
        let rest = left > 0 ? "<p>And \(left) more.</p>" : ""
        return """
            <main><h1>\(HTMLText.escaped(title))</h1>
            <p>This page steps through a computation and its gradients with JavaScript, which is \
            off. These are the values at its end.</p>
            <table><thead><tr><th scope="col">Tensor</th><th scope="col">Made by</th>\
            <th scope="col">Shape</th><th scope="col">Value</th><th scope="col">Gradient</th>\
            <th scope="col">Line</th></tr></thead>
            <tbody>
            \(rows.prefix(Self.most).joined(separator: "\n"))
            </tbody></table>\(rest)</main>
            """
    }

    /// Leaves, and results that have a name or that no operation reads.
    private var rows: [String] {
        guard let moment = try? TraceMoment(of: document, at: nil) else { return [] }
        let read = Set(document.nodes.flatMap { $0.inputs.compactMap(\.tensor) })
        return document.tensors.compactMap { tensor in
            guard tensor.producer == nil || tensor.name != nil || !read.contains(tensor.id)
            else { return nil }
            let maker = tensor.producer.flatMap { document.node($0.node) }
            let gradient =
                moment.gradients[tensor.id]?.after ?? maker.flatMap { moment.incoming[$0.id] }
            let cells = [
                tensor.name ?? "tensor \(tensor.id)", maker?.op ?? "",
                "[\(tensor.shape.map(String.init).joined(separator: ", "))]",
                ShownValue.text(moment.values[tensor.id]) ?? "not captured",
                ShownValue.text(gradient) ?? (tensor.requiresGrad ? "none" : ""),
                document.line(tensor.src ?? maker?.src) ?? "",
            ]
            return "<tr>\(cells.map { "<td>\(HTMLText.escaped($0))</td>" }.joined())</tr>"
        }
    }
}
