extension Drawing {
    /// How deep scopes are nested: 0 without any.
    var depth: Int { nodes.reduce(0) { max($0, path(of: $1.scope).count) } }

    /// The same with each scope at `depth` (0 for the outermost) as one box, which stands where its
    /// last member would; a parameter that it alone reads, and its constants, are part of it. Of
    /// parallel edges that this makes the first is drawn.
    func collapsed(to depth: Int) -> Drawing {
        let boxes = nodes.map { node -> Int? in
            let path = path(of: node.scope)
            return node.kind == .operation && path.count > depth ? path[depth] : nil
        }
        var lasts: [Int: Int] = [:]
        var members: [Int: Int] = [:]
        for (i, box) in boxes.enumerated() {
            guard let box else { continue }
            lasts[box] = i
            members[box, default: 0] += 1
        }
        var inner = Collapse(drawing: Drawing(title: title, moment: moment), count: nodes.count)
        inner.drawing.scopes = scopes
        var sources = [[Int]](repeating: [], count: nodes.count)
        var readers = [[Int]](repeating: [], count: nodes.count)
        for edge in edges {
            sources[edge.to].append(edge.from)
            readers[edge.from].append(edge.to)
        }
        var waiting: [Int: [Int]] = [:]
        for i in nodes.indices where nodes[i].kind == .operation {
            guard let box = boxes[i] else {
                for leaf in sources[i] where nodes[leaf].kind != .operation {
                    inner.add(leaf, around(nodes[leaf], depth))
                }
                inner.add(i, nodes[i])
                continue
            }
            waiting[box, default: []] += sources[i].filter { leaf in
                if nodes[leaf].kind == .operation || nodes[leaf].kind == .constant { return false }
                let isOwn = readers[leaf].allSatisfy { boxes[$0] == box }
                return !isOwn || nodes[leaf].kind == .leaf
            }
            if lasts[box] != i { continue }
            for leaf in waiting[box]! { inner.add(leaf, around(nodes[leaf], depth)) }
            let count = members[box]!
            inner.add(
                box: box,
                Node(
                    id: scopes[box].id, kind: .scope, family: .scope, title: scopes[box].name,
                    badges: ["\(count) operation\(count == 1 ? "" : "s")"],
                    scope: path(of: box).dropLast().last))
        }
        for (i, box) in boxes.enumerated() {
            if let box { inner.places[i] = inner.boxes[box] }
        }
        inner.drawing.edges = merged(inner.places, inner.drawing.nodes)
        return inner.drawing
    }

    /// A leaf in a collapsed scope moves to what remains around it.
    private func around(_ node: Node, _ depth: Int) -> Node {
        var node = node
        node.scope = path(of: node.scope).prefix(depth).last
        return node
    }

    /// A smaller drawing on its way.
    private struct Collapse {
        var drawing: Drawing
        /// Where each node of the larger one is; nil where it is drawn no more.
        var places: [Int?]
        var boxes: [Int: Int] = [:]

        init(drawing: Drawing, count: Int) {
            self.drawing = drawing
            places = [Int?](repeating: nil, count: count)
        }

        mutating func add(_ i: Int, _ node: Node) {
            guard places[i] == nil else { return }
            places[i] = drawing.nodes.count
            drawing.nodes.append(node)
        }

        mutating func add(box: Int, _ node: Node) {
            boxes[box] = drawing.nodes.count
            drawing.nodes.append(node)
        }
    }

    /// The edges between the places of nodes; at collapsed scopes each pair once, with their number.
    private func merged(_ place: [Int?], _ boxes: [Node]) -> [Edge] {
        var found: [Edge] = []
        var positions: [[Int]: Int] = [:]
        var counts: [Int] = []
        for edge in edges {
            guard let from = place[edge.from], let to = place[edge.to], from != to else { continue }
            let isBox = boxes[from].kind == .scope || boxes[to].kind == .scope
            if isBox, let position = positions[[from, to]] {
                counts[position] += 1
                found[position].isCut = found[position].isCut && edge.isCut
                continue
            }
            positions[[from, to]] = found.count
            counts.append(1)
            var edge = edge
            (edge.from, edge.to) = (from, to)
            found.append(edge)
        }
        for (i, count) in counts.enumerated() where count > 1 {
            (found[i].label, found[i].gradient) = ("× \(count)", nil)
        }
        return found
    }
}
