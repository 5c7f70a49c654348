/// A graph as a tree of text: values, gradients, lines, what is saved. What was shown already is
/// named and not shown again.
///
///     y = 10  add            main.swift:2
///     ├─ 4  pow(n: 2)        ∂ 1   saved self v0 (0 B, shared)
///     │  └─ ◆ x = 2          grad 7 = 3 + 4
///     └─ 6  mul              ∂ 1
///        ├─ 3 (constant)
///        └─ ◆ x  (see above)
public struct TraceTree: Sendable {
    private let document: TraceDocument
    private let state: TraceState
    private let root: Int

    /// - Parameters:
    ///   - document: The trace.
    ///   - root: The node at the top; the root of the latest pass if nil, or the latest node.
    ///   - event: The index of the last event that counts; nil for all.
    public init(_ document: TraceDocument, root: Int? = nil, at event: Int? = nil) {
        self.document = document
        state = TraceState(document, at: event)
        self.root = root ?? TraceTree.root(of: document) ?? -1
    }

    private static func root(of document: TraceDocument) -> Int? {
        let begun = document.events.last { $0.kind == .backwardBegin }
        if case .backwardBegin(let begin)? = begun?.body, let tensor = begin.roots.first,
            let producer = document.tensor(tensor)?.producer
        {
            return producer.node
        }
        return document.nodes.last?.id
    }

    private enum Item {
        case node(Int)
        case leaf(Int)
        case constant(Double)
    }

    /// The tree, one node a line.
    ///
    /// - Parameters:
    ///   - capabilities: What the terminal can show.
    ///   - limit: At most so many lines.
    public func text(_ capabilities: TerminalCapabilities, limit: Int = 200) -> String {
        guard document.node(root) != nil else { return "(no graph: nothing was recorded)" }
        var rows: [(left: StyledLine, right: StyledLine)] = []
        var shown: Set<Int> = []
        var shownLeaves: Set<Int> = []
        let signs = Signs(capabilities.hasUnicode)
        // Without recursion: graphs are deep.
        var stack: [(item: Item, lead: String, next: String)] = [(.node(root), "", "")]
        var isCut = false
        while let (item, lead, next) = stack.popLast() {
            if rows.count >= limit {
                isCut = true
                break
            }
            var left = StyledLine()
            var right = StyledLine()
            left.add(lead, .dim)
            switch item {
            case .constant(let x): left.add("\(Terminal.number(x)) (constant)", .dim)
            case .leaf(let id):
                describe(leaf: id, isNew: shownLeaves.insert(id).inserted, signs, &left, &right)
            case .node(let id):
                guard let node = document.node(id) else { continue }
                let isNew = shown.insert(id).inserted
                describe(node, isNew: isNew, isRoot: id == root, signs, &left, &right)
                if isNew {
                    let children = children(of: node)
                    for (i, child) in children.enumerated().reversed() {
                        let isLast = i == children.count - 1
                        stack.append(
                            (
                                child, next + (isLast ? signs.last : signs.branch),
                                next + (isLast ? "   " : signs.stem)
                            ))
                    }
                }
            }
            rows.append((left, right))
        }
        let width = min(rows.map { $0.right.count > 0 ? $0.left.count : 0 }.max() ?? 0, 48) + 2
        var lines = rows.map { row -> String in
            var line = row.left
            if row.right.count > 0 {
                line.pad(to: width)
                line.append(row.right)
            }
            return line.text(capabilities)
        }
        if isCut { lines.append("\(signs.more) more nodes; raise the limit to see them") }
        return lines.joined(separator: "\n")
    }

    private func describe(
        _ node: TraceNode, isNew: Bool, isRoot: Bool, _ signs: Signs, _ left: inout StyledLine,
        _ right: inout StyledLine
    ) {
        let output = node.outputs.first.flatMap { document.tensor($0) }
        if let name = output?.name { left.add(isNew ? "\(name) = " : "\(name)  ", .bold) }
        if isNew, let value = output?.value {
            left.add(value.scalar.map(Terminal.number) ?? "\(output!.shape)")
            left.add("  ")
        }
        left.add(document.call(node), .bold)
        if !isNew {
            left.add("  (see above)", .dim)
            return
        }
        if node.gradFn == nil { right.add("no gradient  ", .dim) }
        if !isRoot || node.saved.isEmpty == false, let gradient = state.gradients[node.id]?.first {
            right.add("\(signs.partial) \(gradient.short)   ", .magenta)
        }
        if !node.saved.isEmpty {
            let text = node.saved.map { saved in
                let cost =
                    saved.shared == true ? "0 B, shared" : Terminal.bytes(saved.bytes)
                return "\(saved.name) v\(saved.version) (\(cost))"
            }.joined(separator: ", ")
            right.add(
                (state.freed.contains(node.id) ? "freed " : "saved ") + text + "   ", .dim)
        }
        if let line = document.line(node.src) { right.add(line, .dim) }
    }

    private func describe(
        leaf id: Int, isNew: Bool, _ signs: Signs, _ left: inout StyledLine,
        _ right: inout StyledLine
    ) {
        guard let tensor = document.tensor(id) else { return left.add("tensor \(id)") }
        let sign =
            switch tensor.role {
            case .parameter: signs.parameter
            case .constant: signs.constant
            default: tensor.requiresGrad ? signs.leaf : signs.constant
            }
        left.add("\(sign) ", .cyan)
        left.add(tensor.name ?? "[\(tensor.shape.map(String.init).joined(separator: ", "))]", .cyan)
        if !isNew { return left.add("  (see above)", .dim) }
        if let value = tensor.value?.scalar { left.add(" = \(Terminal.number(value))") }
        if tensor.name != nil, tensor.shape.isEmpty == false { left.add("  \(tensor.shape)", .dim) }
        guard let leaf = state.leaves[id] else { return }
        right.add("grad \(leaf.value.short)", .magenta)
        let parts = leaf.parts.compactMap(\.scalar)
        if parts.count == leaf.parts.count, parts.count > 1 {
            right.add(" = " + parts.map(Terminal.number).joined(separator: " + "), .magenta)
        }
    }

    /// What a node computes with, in order.
    private func children(of node: TraceNode) -> [Item] {
        if node.inputs.isEmpty {
            return node.next.compactMap { target in
                switch target {
                case .node(let id, _): .node(id)
                case .leaf(let id): .leaf(id)
                case nil: nil
                }
            }
        }
        return node.inputs.enumerated().compactMap { i, input in
            if let scalar = input.scalar, input.tensor == nil {
                // A parameter stands in the node's own line.
                let isParameter = input.arg.map { node.attrs[Attributes.alias($0)] != nil } ?? false
                return isParameter ? nil : .constant(scalar)
            }
            guard let tensor = input.tensor else { return nil }
            if i < node.next.count, case .node(let id, _)? = node.next[i] { return .node(id) }
            if i < node.next.count, case .leaf(let id)? = node.next[i] { return .leaf(id) }
            // What was written in place is made by a later node than itself.
            if let producer = document.tensor(tensor)?.producer, producer.node < node.id {
                return .node(producer.node)
            }
            return .leaf(tensor)
        }
    }

    private struct Signs {
        let branch: String
        let last: String
        let stem: String
        let leaf: String
        let parameter: String
        let constant: String
        let partial: String
        let more: String

        init(_ hasUnicode: Bool) {
            branch = hasUnicode ? "├─ " : "|- "
            last = hasUnicode ? "└─ " : "`- "
            stem = hasUnicode ? "│  " : "|  "
            leaf = hasUnicode ? "◆" : "*"
            parameter = hasUnicode ? "▣" : "#"
            constant = hasUnicode ? "○" : "o"
            partial = hasUnicode ? "∂" : "d"
            more = hasUnicode ? "…" : "..."
        }
    }
}

extension StyledLine {
    mutating func append(_ other: StyledLine) {
        for (text, style) in other.all { add(text, style) }
    }
}
