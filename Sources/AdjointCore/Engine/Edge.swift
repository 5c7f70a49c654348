/// Where a gradient goes: to output `index` of `node`. No node, where none is wanted.
public struct Edge {
    var node: Node?
    var index: Int32 = 0
}

/// The edges of a node, one an input; three without an allocation.
///
/// The node owns what they point to by hand: the backward pass reads every edge several times, and
/// counting references would cost it more than the arithmetic of small tensors.
struct Edges {
    struct Reference {
        var node: Unmanaged<Node>?
        var index: Int32 = 0
    }

    private var a = Reference()
    private var b = Reference()
    private var c = Reference()
    private var rest: [Reference] = []
    private(set) var count = 0

    /// The edge without a count on its node, which lives while its owner does.
    @inline(__always)
    func reference(_ i: Int) -> Reference {
        switch i {
        case 0: a
        case 1: b
        case 2: c
        default: rest[i - 3]
        }
    }

    @inline(__always)
    subscript(i: Int) -> Edge {
        get {
            let reference = reference(i)
            return Edge(node: reference.node?.takeUnretainedValue(), index: reference.index)
        }
        set {
            let old = reference(i).node
            let new = Reference(
                node: newValue.node.map { Unmanaged.passRetained($0) }, index: newValue.index)
            switch i {
            case 0: a = new
            case 1: b = new
            case 2: c = new
            default: rest[i - 3] = new
            }
            if let old { Reaper.release(old) }
        }
    }

    @inline(__always)
    mutating func append(_ edge: Edge) {
        if count >= 3 { rest.append(Reference()) }
        count += 1
        self[count - 1] = edge
    }

    /// Gives up what the edges own. The owner calls it once, at its end.
    mutating func releaseAll() {
        if let node = a.node { Reaper.release(node) }
        if let node = b.node { Reaper.release(node) }
        if let node = c.node { Reaper.release(node) }
        for reference in rest {
            if let node = reference.node { Reaper.release(node) }
        }
    }
}
