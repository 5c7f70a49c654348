import AdjointCore

extension Drawing {
    /// Colours by the names of operations.
    private static let families: [String: Family] = {
        var families: [String: Family] = [:]
        for operation in RollCall.all {
            families[operation.info.name] = Family(rawValue: operation.info.family.rawValue)
        }
        return families
    }()

    static func family(of operation: String) -> Family {
        families[operation]
            ?? (operation.hasSuffix("_") ? families[String(operation.dropLast())] : nil)
            ?? .composite
    }

    /// The graph of `document` after the event `index` (nil: after the last), as
    /// `Documentation/Layout.md` says: operations in the order of their records, each behind the
    /// leaves and constants that it is the first to read.
    init(of document: TraceDocument, at index: Int?) throws(ExportError) {
        let moment = try TraceMoment(of: document, at: index)
        var builder = DrawingBuilder(document, moment)
        for node in document.nodes where moment.made[node.id] != nil { builder.add(node) }
        builder.nameScopes()
        self = builder.drawing
        title = document.header?.title ?? ""
        self.moment = moment.words(document)
    }
}

/// A drawing on its way, from a trace at one moment.
private struct DrawingBuilder {
    var drawing = Drawing()
    private let document: TraceDocument
    private let moment: TraceMoment
    /// Positions of drawn nodes and leaves.
    private var leaves: [Int: Int] = [:]
    /// Which node has made each tensor so far, by position, and which of its outputs it is: a
    /// write in place makes a tensor again.
    private var makers: [Int: (position: Int, output: Int, count: Int)] = [:]
    private var scopes: [Int: Int] = [:]

    init(_ document: TraceDocument, _ moment: TraceMoment) {
        self.document = document
        self.moment = moment
    }

    mutating func add(_ node: TraceNode) {
        var sources: [(input: Int, from: Int, label: String?, isCut: Bool)] = []
        for (i, input) in node.inputs.enumerated() {
            if let tensor = input.tensor {
                let maker = makers[tensor]
                let from = maker?.position ?? leaf(tensor)
                let label = maker.flatMap { $0.count > 1 ? "output \($0.output)" : nil }
                sources.append((i, from, label, isCut(node, i, tensor, maker != nil)))
            } else if let scalar = input.scalar {
                sources.append((i, constant(node.id, i, scalar), nil, false))
            }
        }
        let position = drawing.nodes.count
        drawing.nodes.append(operation(node))
        for source in sources {
            let arrived = moment.edges[.init(node: node.id, input: source.input)]
            drawing.edges.append(
                Drawing.Edge(
                    from: source.from, to: position, label: source.label,
                    gradient: Drawing.Gradient(arrived?.value, at: arrived?.event),
                    isCut: source.isCut))
        }
        for (output, tensor) in node.outputs.enumerated() {
            makers[tensor] = (position, output, node.outputs.count)
        }
    }

    /// A gradient could flow to what made the tensor, and does not: `detach`, `noGrad`.
    private func isCut(_ node: TraceNode, _ i: Int, _ tensor: Int, _ isMade: Bool) -> Bool {
        guard document.tensor(tensor)?.requiresGrad == true else { return false }
        return !node.next.indices.contains(i) || node.next[i] == nil
    }

    private func operation(_ node: TraceNode) -> Drawing.Node {
        let output = node.outputs.first.flatMap { document.tensor($0) }
        let value = node.outputs.first.flatMap { moment.values[$0] }
        var shown = Drawing.Node(
            id: "n\(node.id)", family: Drawing.family(of: node.op), title: title(node))
        shown.shape = output.map(shape)
        shown.value = ShownValue.text(value)
        shown.gradient = Drawing.Gradient(moment.incoming[node.id])
        shown.source = document.line(node.src)
        shown.scope = node.scope
        shown.isView = output?.viewOf != nil
        shown.isInPlace = node.inplace ?? false
        shown.isSecondOrder = (node.order ?? 1) > 1
        shown.isCurrent = moment.event?.node == node.id
        shown.appears = moment.made[node.id]
        let faults = [ShownValue.badge(value), ShownValue.badge(moment.incoming[node.id])]
        shown.badges = faults.compactMap { $0 }.first.map { [$0] } ?? []
        let bytes = node.saved.reduce(0) { $0 + ($1.shared == true ? 0 : $1.bytes) }
        if moment.freed.contains(node.id) {
            shown.badges.append(bytes > 0 ? "freed \(ShownValue.bytes(bytes))" : "freed")
        } else if bytes > 0 {
            shown.badges.append("saves \(ShownValue.bytes(bytes))")
        }
        return shown
    }

    /// "pow(n: 2)": the name with the parameters that are plain.
    private func title(_ node: TraceNode) -> String {
        let plain = node.attrs.keys.sorted().compactMap { name -> String? in
            switch node.attrs[name]! {
            case .number(let value): "\(name): \(ShownValue.number(value))"
            case .bool(let value): "\(name): \(value)"
            case .string(let text): "\(name): \(text)"
            default: nil
            }
        }
        return plain.isEmpty ? node.op : "\(node.op)(\(plain.joined(separator: ", ")))"
    }

    private func shape(_ tensor: TraceTensor) -> String { "\(tensor.shape) \(tensor.dtype)" }

    private mutating func leaf(_ id: Int) -> Int {
        if let position = leaves[id] { return position }
        leaves[id] = drawing.nodes.count
        let tensor = document.tensor(id)
        let kind: Drawing.Kind =
            switch tensor?.role {
            case .parameter?: .parameter
            case .buffer?: .buffer
            case .constant?: .constant
            default: .leaf
            }
        var shown = Drawing.Node(
            id: "t\(id)", kind: kind, family: .leaf, title: tensor?.name ?? "tensor \(id)")
        let value = moment.values[id]
        shown.shape = tensor.map(shape)
        shown.value = ShownValue.text(value)
        shown.isView = tensor?.viewOf != nil
        shown.isCurrent = moment.event?.tensor == id
        let gradient = moment.gradients[id]
        shown.gradient = gradient.flatMap(sum)
        if gradient == nil, tensor?.requiresGrad == true, moment.event != nil {
            shown.gradient = .init(text: "∂ none")
        }
        if let fault = ShownValue.badge(value) ?? ShownValue.badge(gradient?.after) {
            shown.badges.append(fault)
        }
        if let version = moment.versions[id], version > 0 { shown.badges.append("v\(version)") }
        drawing.nodes.append(shown)
        return drawing.nodes.count - 1
    }

    /// "3 + 4 = 7" for numbers that fit, the sum alone otherwise.
    private func sum(_ gradient: TraceMoment.Gradient) -> Drawing.Gradient? {
        var shown = Drawing.Gradient(gradient.after)
        if let before = gradient.before?.scalar, let incoming = gradient.incoming?.scalar,
            let after = gradient.after.scalar
        {
            let (a, b) = (ShownValue.number(before), ShownValue.number(incoming))
            let text = "∂ \(a) + \(incoming < 0 ? "(\(b))" : b) = \(ShownValue.number(after))"
            if text.count <= SVGPicture.longest { shown?.text = text }
        }
        return shown
    }

    private mutating func constant(_ node: Int, _ input: Int, _ value: Double) -> Int {
        drawing.nodes.append(
            Drawing.Node(
                id: "c\(node).\(input)", kind: .constant, family: .leaf,
                title: ShownValue.number(value), appears: moment.made[node]))
        return drawing.nodes.count - 1
    }

    /// Scopes by position in place of their ids, and leaves into the scope of all that read them.
    mutating func nameScopes() {
        let all = document.scopes
        for (i, scope) in all.enumerated() { scopes[scope.id] = i }
        drawing.scopes = all.map { scope in
            Drawing.Scope(
                id: "s\(scope.id)",
                name: scope.cls.map { "\(scope.path ?? scope.name) \($0)" } ?? scope.name,
                parent: scope.parent.flatMap { scopes[$0] })
        }
        for i in drawing.nodes.indices {
            drawing.nodes[i].scope = drawing.nodes[i].scope.flatMap { scopes[$0] }
        }
        var shared: [Int: [Int]] = [:]
        for edge in drawing.edges where drawing.nodes[edge.from].kind != .operation {
            let path = drawing.path(of: drawing.nodes[edge.to].scope)
            let known = shared[edge.from] ?? path
            shared[edge.from] = zip(known, path).prefix { $0 == $1 }.map(\.0)
        }
        for (leaf, path) in shared { drawing.nodes[leaf].scope = path.last }
        for edge in drawing.edges where drawing.nodes[edge.from].appears == nil {
            drawing.nodes[edge.from].appears = drawing.nodes[edge.to].appears
        }
    }
}
