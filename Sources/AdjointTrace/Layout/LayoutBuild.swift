/// A layout on its way: boxes, chips and points of lines as items in layers, joined by segments
/// between neighbouring layers (steps 1 and 2 of `Documentation/Layout.md`).
struct LayoutBuild {
    enum Kind {
        case node, chip, line
    }

    struct Item {
        var kind: Kind
        var key: Int
        var width: Int
        var height: Int
        var layer: Int
        /// The position in its layer.
        var index = 0
        /// The smallest distance of its centre from that of the first item of its layer.
        var offset = 0
        var center = 0
        var y = 0
        /// It has segments above and below.
        var isThrough = false
    }

    struct Segment {
        var above: Int
        var below: Int
        /// Where it meets the items, across.
        var start = 0
        var end = 0
    }

    struct Chip {
        var isOut: Bool
        var node: Int
        var ends: [Int] = []
        var item: Int
        var segment: Int
    }

    struct Edge {
        enum Path {
            /// A run of segments, and the points of the line between them.
            case segments(Range<Int>, points: Range<Int>)
            case chips(out: Int, into: Int)
        }

        var arrow: GraphLayout.Arrow
        /// In the list that was given.
        var position: Int
        var path: Path
    }

    static let lineWidth = 8
    let options: GraphLayout.Options
    let nodeCount: Int
    var items: [Item] = []
    var segments: [Segment] = []
    var chips: [Chip] = []
    var edges: [Edge] = []
    /// The items of each layer, in order.
    var layers: [[Int]] = []
    /// Top and bottom of each layer.
    var bands: [(top: Int, bottom: Int)] = []
    /// The items above and below each item, once for each segment, in the order of segments.
    private(set) var above = Neighbours()
    private(set) var below = Neighbours()

    private var chipNumbers: [ChipEnd: Int] = [:]
    private var knownEnds: Set<[Int]> = []

    private struct ChipEnd: Hashable {
        var isOut: Bool
        var node: Int
    }

    init(
        _ boxes: [GraphLayout.Box], _ arrows: [GraphLayout.Arrow], _ options: GraphLayout.Options
    ) {
        self.options = options
        nodeCount = boxes.count
        let used = arrows.enumerated().filter { _, arrow in
            arrow.from != arrow.to && boxes.indices.contains(arrow.from)
                && boxes.indices.contains(arrow.to)
        }
        let layerOf = Self.layers(of: boxes.count, used.map(\.element))
        for (i, box) in boxes.enumerated() {
            let (width, height) = size(box)
            items.append(
                Item(kind: .node, key: i, width: width, height: height, layer: layerOf[i]))
        }
        for (position, arrow) in used {
            let span = layerOf[arrow.to] - layerOf[arrow.from]
            let isCut = arrow.from > arrow.to || (options.cut > 0 && span > options.cut)
            edges.append(
                Edge(
                    arrow: arrow, position: position,
                    path: isCut ? cut(arrow, layerOf) : line(arrow, layerOf)))
        }
        fillLayers()
        above = Neighbours(items.count, segments.map { ($0.below, $0.above) })
        below = Neighbours(items.count, segments.map { ($0.above, $0.below) })
        for i in items.indices { items[i].isThrough = !above[i].isEmpty && !below[i].isEmpty }
    }

    /// Even, so that halves are whole.
    private func size(_ box: GraphLayout.Box) -> (width: Int, height: Int) {
        let (width, height) = (box.width + (box.width & 1), box.height + (box.height & 1))
        return options.isTurned ? (height, width) : (width, height)
    }

    /// The longest way over positions; then each node moves as near to its use as it can.
    private static func layers(of count: Int, _ arrows: [GraphLayout.Arrow]) -> [Int] {
        let forward = arrows.filter { $0.from < $0.to }
        let into = Neighbours(count, forward.map { ($0.to, $0.from) })
        let out = Neighbours(count, forward.map { ($0.from, $0.to) })
        var layer = [Int](repeating: 0, count: count)
        for node in 0..<count {
            for from in into[node] { layer[node] = max(layer[node], layer[from] + 1) }
        }
        for node in (0..<count).reversed() where !out[node].isEmpty {
            layer[node] = out[node].reduce(Int.max) { min($0, layer[$1]) } - 1
        }
        return layer
    }

    private mutating func line(_ arrow: GraphLayout.Arrow, _ layerOf: [Int]) -> Edge.Path {
        let (firstItem, firstSegment) = (items.count, segments.count)
        var last = arrow.from
        for layer in layerOf[arrow.from] + 1..<layerOf[arrow.to] {
            items.append(
                Item(kind: .line, key: arrow.from, width: Self.lineWidth, height: 0, layer: layer))
            segments.append(Segment(above: last, below: items.count - 1))
            last = items.count - 1
        }
        segments.append(Segment(above: last, below: arrow.to))
        return .segments(firstSegment..<segments.count, points: firstItem..<items.count)
    }

    private mutating func cut(_ arrow: GraphLayout.Arrow, _ layerOf: [Int]) -> Edge.Path {
        let out = chip(isOut: true, arrow.from, end: arrow.to, layerOf[arrow.from] + 1)
        let into = chip(isOut: false, arrow.to, end: arrow.from, layerOf[arrow.to] - 1)
        return .chips(out: out, into: into)
    }

    /// The chip of a node, made once; `end` is added to what it stands for.
    private mutating func chip(isOut: Bool, _ node: Int, end: Int, _ layer: Int) -> Int {
        let key = ChipEnd(isOut: isOut, node: node)
        let number = chipNumbers[key] ?? chips.count
        if number == chips.count {
            chipNumbers[key] = number
            let (width, height) = size(options.chip)
            items.append(
                Item(kind: .chip, key: node, width: width, height: height, layer: layer))
            let item = items.count - 1
            chips.append(Chip(isOut: isOut, node: node, item: item, segment: segments.count))
            segments.append(
                isOut ? Segment(above: node, below: item) : Segment(above: item, below: node))
        }
        if knownEnds.insert([number, end]).inserted { chips[number].ends.append(end) }
        return number
    }

    private mutating func fillLayers() {
        let lowest = items.reduce(items[0].layer) { min($0, $1.layer) }
        for i in items.indices {
            items[i].layer -= lowest
            while layers.count <= items[i].layer { layers.append([]) }
            layers[items[i].layer].append(i)
        }
        for layer in layers.indices {
            layers[layer].sort { (items[$0].key, $0) < (items[$1].key, $1) }
        }
    }
}

/// Lists of neighbours, one after another in one array.
struct Neighbours {
    private var starts: [Int] = [0]
    private var all: [Int] = []

    init() {}

    init(_ count: Int, _ pairs: [(of: Int, neighbour: Int)]) {
        starts = [Int](repeating: 0, count: count + 1)
        for pair in pairs { starts[pair.of + 1] += 1 }
        for i in 0..<count { starts[i + 1] += starts[i] }
        all = [Int](repeating: 0, count: pairs.count)
        var next = starts
        for pair in pairs {
            all[next[pair.of]] = pair.neighbour
            next[pair.of] += 1
        }
    }

    subscript(_ i: Int) -> ArraySlice<Int> { all[starts[i]..<starts[i + 1]] }
}
