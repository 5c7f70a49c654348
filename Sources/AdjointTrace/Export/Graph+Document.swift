public import AdjointCore

extension Graph {
    /// The graph as a trace without events, so that whatever shows traces shows it: its operations
    /// in the order of their making, what they saved, lines and modules where they are known.
    ///
    /// Only what gradients flow through is in a graph: constants and inputs that need none are not.
    public func document(title: String? = nil) -> TraceDocument {
        var builder = GraphDocument(self)
        builder.document.append(
            .header(
                TraceHeader(
                    library: "Adjoint", title: title, capture: TraceCapture(values: .none))))
        // Node ids follow the order of making, and tensors come before the nodes that read them.
        let order = nodes.indices.sorted {
            (nodes[$0].sequence ?? 0, $1) < (nodes[$1].sequence ?? 0, $0)
        }
        for i in order { builder.add(nodes[i]) }
        return builder.document
    }

    /// A picture of the graph as SVG; see `TraceDocument.svg`.
    ///
    /// - Throws: `ExportError`: `.nothingToShow` where nothing was recorded; `.tooLarge` for more
    ///   than 2,500 boxes.
    public func svg(
        title: String? = nil, direction: PictureDirection = .down
    ) throws(ExportError) -> String {
        try document(title: title).svg(direction: direction)
    }

    /// The graph in the language of Graphviz, with modules as clusters; edges over more than `cut`
    /// layers as pairs of chips, which Graphviz needs to finish on graphs of long loops (0: none).
    ///
    /// - Throws: `ExportError` of kind `.nothingToShow`.
    public func dot(
        cut: Int, direction: PictureDirection = .down
    ) throws(ExportError) -> String {
        try document().dot(cut: cut, direction: direction)
    }
}

/// A trace on its way, from a graph.
private struct GraphDocument {
    var document = TraceDocument()
    private let graph: Graph
    /// The first tensor that each node made; its outputs follow one another.
    private var firstTensor: [Int: Int] = [:]
    private var tensorCount = 0
    private var nodeCount = 0
    private var files: [String: Int] = [:]
    private var scopes: [[String]: Int] = [:]

    init(_ graph: Graph) { self.graph = graph }

    mutating func add(_ node: Graph.Node) {
        if node.isLeaf {
            _ = tensors(node, producer: nil)
            return
        }
        let id = nodeCount
        nodeCount += 1
        let source = source(node.line)
        let scope = scope(node.modules)
        var inputs: [TraceInput] = []
        var next: [TraceTarget?] = []
        for input in node.inputs {
            guard let input else {
                inputs.append(TraceInput())
                next.append(nil)
                continue
            }
            let tensor = firstTensor[input.node].map { $0 + input.output }
            inputs.append(TraceInput(tensor: tensor))
            let producer = tensor.flatMap { document.tensor($0)?.producer?.node }
            next.append(producer.map { .node($0, out: input.output) } ?? tensor.map { .leaf($0) })
        }
        let outputs = tensors(node, producer: id)
        document.append(
            .node(
                TraceNode(
                    id: id, op: node.operation ?? node.name, gradFn: node.name,
                    rule: node.operation, scope: scope, src: source, inputs: inputs,
                    outputs: outputs, saved: saved(node, inputs, outputs), next: next)))
    }

    private mutating func tensors(_ node: Graph.Node, producer: Int?) -> [Int] {
        firstTensor[node.id] = tensorCount
        for (i, spec) in node.outputs.enumerated() {
            document.append(
                .tensor(
                    TraceTensor(
                        id: tensorCount, name: node.label, role: producer == nil ? .input : nil,
                        shape: Array(spec.sizes), dtype: "\(spec.dtype)", requiresGrad: true,
                        leaf: producer == nil,
                        producer: producer.map { .init(node: $0, output: i) })))
            tensorCount += 1
        }
        return Array(tensorCount - node.outputs.count..<tensorCount)
    }

    /// Saved tensors are known by their places: "input 0", "output 0".
    private func saved(_ node: Graph.Node, _ inputs: [TraceInput], _ outputs: [Int]) -> [TraceSaved]
    {
        node.saved.compactMap { saved in
            let words = saved.place.split(separator: " ")
            let number = words.last.flatMap { Int($0) } ?? 0
            let tensor =
                words.first == "output"
                ? (outputs.indices.contains(number) ? outputs[number] : nil)
                : (inputs.indices.contains(number) ? inputs[number].tensor : nil)
            // An input without a gradient is no tensor of the graph; its bytes are the node's.
            return TraceSaved(
                name: saved.place, tensor: tensor ?? outputs.first ?? 0, version: 0,
                bytes: saved.bytes, shared: saved.isLeaf)
        }
    }

    /// "File.swift:12", perhaps with words behind it.
    private mutating func source(_ line: String?) -> TraceSource? {
        guard let line, let colon = line.lastIndex(of: ":"), !line[..<colon].contains(" "),
            let number = Int(line[line.index(after: colon)...].prefix { $0.isWholeNumber }),
            number > 0
        else { return nil }
        let path = String(line[..<colon])
        if files[path] == nil {
            files[path] = files.count
            document.append(.file(TraceFile(id: files[path]!, path: path)))
        }
        return TraceSource(file: files[path]!, line: number)
    }

    /// The innermost of nested modules; the same path is the same scope.
    private mutating func scope(_ modules: [String]) -> Int? {
        var parent: Int?
        for count in modules.indices.map({ $0 + 1 }) {
            let path = Array(modules.prefix(count))
            if scopes[path] == nil {
                scopes[path] = scopes.count
                document.append(
                    .scope(
                        TraceScope(
                            id: scopes[path]!, parent: parent, name: path.last!, kind: .module)))
            }
            parent = scopes[path]
        }
        return parent
    }
}
