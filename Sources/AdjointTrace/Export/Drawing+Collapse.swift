extension Drawing {
    /// How deep scopes are nested: 0 without any.
    var depth: Int { nodes.reduce(0) { max($0, path(of: $1.scope).count) } }

    /// The same with each scope at `depth` (0 for the outermost) as one box, and with the edges
    /// between two boxes as one.
    func collapsed(to depth: Int) -> Drawing {
        var result = Drawing(title: title, moment: moment)
        var place = [Int](repeating: 0, count: nodes.count)
        var boxes: [Int: Int] = [:]
        var members: [Int: Int] = [:]
        for (i, node) in nodes.enumerated() {
            let path = path(of: node.scope)
            guard path.count > depth, node.kind == .operation else {
                place[i] = result.nodes.count
                // A leaf in a collapsed scope (its parameter) moves to what remains around it.
                var node = node
                node.scope = path.count > depth ? path.prefix(depth).last : node.scope
                result.nodes.append(node)
                continue
            }
            let scope = path[depth]
            members[scope, default: 0] += 1
            if let box = boxes[scope] {
                place[i] = box
                continue
            }
            boxes[scope] = result.nodes.count
            place[i] = result.nodes.count
            result.nodes.append(
                Node(
                    id: scopes[scope].id, kind: .scope, family: .scope, title: scopes[scope].name,
                    scope: path.prefix(depth).last))
        }
        for (scope, box) in boxes {
            let count = members[scope]!
            result.nodes[box].badges = ["\(count) operation\(count == 1 ? "" : "s")"]
        }
        result.scopes = scopes
        result.edges = merged(place)
        return result
    }

    /// The edges between the places of nodes, each pair once; how many stood there is said.
    private func merged(_ place: [Int]) -> [Edge] {
        var found: [Edge] = []
        var positions: [[Int]: Int] = [:]
        var counts: [Int] = []
        for edge in edges {
            let (from, to) = (place[edge.from], place[edge.to])
            // Within one box, or from a box through another and back, which would be a cycle.
            if from == to { continue }
            if let position = positions[[from, to]] {
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
