/// What a picture shows: a graph at one moment, in words, before anything has its place. All
/// pictures (SVG, DOT, Mermaid) are made from one.
struct Drawing {
    /// What a box stands for; its outline says it too, so that colour is never alone.
    enum Kind: String {
        case operation, leaf, parameter, buffer, constant, scope
    }

    /// How a box is coloured: the families of operations, as `OpInfo` has them.
    enum Family: String, CaseIterable {
        case leaf, pointwise, reduction, movement, linearAlgebra, indexing, convolution
        case normalization, composite, random, scope

        /// As a legend calls it.
        var title: String {
            switch self {
            case .linearAlgebra: "linear algebra"
            default: rawValue
            }
        }
    }

    /// A box.
    struct Node {
        /// Unique among the nodes, and the same in each picture of a trace: "n12", "t3", "s2".
        var id: String
        /// The id in languages whose names hold no points.
        var plainID: String { id.replacing(".", with: "_") }
        var kind = Kind.operation
        var family = Family.composite
        /// "mul", "x".
        var title: String
        /// "[2, 3] float32".
        var shape: String?
        /// "6": what was computed, as far as the moment knows.
        var value: String?
        /// What has arrived: "3 + 4 = 7".
        var gradient: Gradient?
        /// "v1", "NaN", "freed".
        var badges: [String] = []
        /// "main.swift:2".
        var source: String?
        /// The scope that it lies in, by position.
        var scope: Int?
        var isView = false
        var isInPlace = false
        /// Recorded while a backward pass was itself recorded.
        var isSecondOrder = false
        /// The moment's event is about this node.
        var isCurrent = false
        /// The event at which it appears, for pictures that move.
        var appears: Int?

        /// The lines under the title, in order.
        var details: [String] {
            var lines: [String] = []
            if let shape { lines.append(shape) }
            if let value { lines.append("= \(value)") }
            if let gradient { lines.append(gradient.text) }
            if !badges.isEmpty { lines.append(badges.joined(separator: " · ")) }
            if let source { lines.append(source) }
            return lines
        }
    }

    /// A gradient in a picture.
    struct Gradient: Hashable {
        /// "∂ 0.5", "‖∂‖ ≈ 1.25".
        var text: String
        /// It is one number, and below 0.
        var isNegative = false
        /// The width of its line, in pixels.
        var width = "1.5"
        /// The event at which it flows, for pictures that move.
        var appears: Int?
    }

    /// A tensor on its way from what made it to what uses it, by positions of nodes.
    struct Edge: Hashable {
        var from: Int
        var to: Int
        /// "output 1", "× 3".
        var label: String?
        /// What has flowed back.
        var gradient: Gradient?
        /// No gradient flows back here: `detach`, `noGrad`, integers.
        var isCut = false
    }

    /// A module, function or iteration, drawn around its nodes.
    struct Scope {
        var id: String
        var name: String
        var parent: Int?
    }

    var title = ""
    /// "step 8 of 12: backward through mul".
    var moment = ""
    var nodes: [Node] = []
    var edges: [Edge] = []
    var scopes: [Scope] = []

    /// Layers by the longest way from a source; along a cycle, which only a damaged trace has,
    /// positions decide.
    func ranks() -> [Int] {
        var waiting = [Int](repeating: 0, count: nodes.count)
        var outgoing = [[Int]](repeating: [], count: nodes.count)
        for edge in edges where edge.from != edge.to {
            waiting[edge.to] += 1
            outgoing[edge.from].append(edge.to)
        }
        var rank = [Int](repeating: 0, count: nodes.count)
        var ready = nodes.indices.filter { waiting[$0] == 0 }
        var next = 0
        while next < ready.count {
            let from = ready[next]
            next += 1
            for to in outgoing[from] {
                rank[to] = max(rank[to], rank[from] + 1)
                waiting[to] -= 1
                if waiting[to] == 0 { ready.append(to) }
            }
        }
        return rank
    }

    /// The scopes around a scope, outermost first, itself last.
    func path(of scope: Int?) -> [Int] {
        var path: [Int] = []
        var next = scope
        // A damaged trace may have a scope inside itself.
        while let scope = next, path.count <= scopes.count {
            path.append(scope)
            next = scopes[scope].parent
        }
        return path.reversed()
    }
}
