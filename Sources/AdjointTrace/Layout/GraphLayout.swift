/// The layered layout of `Documentation/Layout.md`: where each box, chip and line of a graph goes.
/// `web/layout.js` is its twin; both work on integers alone, so that they agree.
struct GraphLayout: Equatable {
    /// A box to be placed; its identity is its position.
    struct Box: Equatable {
        var width: Int
        var height: Int
    }

    /// From one box to another, by position.
    struct Arrow: Hashable {
        var from: Int
        var to: Int
    }

    struct Options: Equatable {
        /// Data flows to the right, and not downwards.
        var isTurned = false
        /// Edges that span more layers than this become chips; 0: only those that lead back.
        var cut = 12
        var nodeGap = 28
        var lineGap = 10
        var layerGap = 64
        /// Width and height of a connector chip.
        var chip = Box(width: 112, height: 24)
    }

    struct Point: Equatable {
        var x: Int
        var y: Int
    }

    /// A box in its place, by its top left corner.
    struct Place: Equatable {
        var layer: Int
        var x: Int
        var y: Int
        var width: Int
        var height: Int
    }

    /// One end of the edges that were cut.
    struct Chip: Equatable {
        /// True where it stands below the box that the edges leave.
        var isOut: Bool
        /// The box that it belongs to.
        var node: Int
        /// The boxes at the other ends.
        var ends: [Int]
        var place: Place
        /// The line between chip and box, downwards.
        var stub: [Point]
    }

    /// How an edge runs.
    enum Route: Equatable {
        /// Along these points: curves between layers, straight within one.
        case line([Point])
        /// Into the out-chip of its `from` and out of the in-chip of its `to`, by position.
        case chips(out: Int, into: Int)
    }

    var width = 0
    var height = 0
    var layers = 0
    var crossings = 0
    /// One for each box.
    var places: [Place] = []
    var chips: [Chip] = []
    /// The edges that are drawn: those between two different boxes, in the order given.
    var routes: [(arrow: Arrow, position: Int, route: Route)] = []

    static func == (a: GraphLayout, b: GraphLayout) -> Bool {
        a.width == b.width && a.height == b.height && a.layers == b.layers
            && a.crossings == b.crossings && a.places == b.places && a.chips == b.chips
            && a.routes.elementsEqual(b.routes) { $0 == $1 }
    }

    init(_ boxes: [Box], _ arrows: [Arrow], _ options: Options = Options()) {
        if boxes.isEmpty { return }
        var build = LayoutBuild(boxes, arrows, options)
        crossings = build.orderLayers()
        build.placeAcross()
        build.placeAlong()
        build.findPorts()
        collect(build)
    }

    /// Step 5 and the output, turned back where data flows to the right.
    private mutating func collect(_ build: LayoutBuild) {
        let isTurned = build.options.isTurned
        func point(_ x: Int, _ y: Int) -> Point {
            isTurned ? Point(x: y, y: x) : Point(x: x, y: y)
        }
        func place(_ item: LayoutBuild.Item) -> Place {
            let corner = point(item.center - item.width / 2, item.y)
            let size = point(item.width, item.height)
            return Place(
                layer: item.layer, x: corner.x, y: corner.y, width: size.x, height: size.y)
        }
        let items = build.items
        for i in 0..<build.nodeCount { places.append(place(items[i])) }
        for chip in build.chips {
            let segment = build.segments[chip.segment]
            let bottom = items[segment.above].y + items[segment.above].height
            chips.append(
                Chip(
                    isOut: chip.isOut, node: chip.node, ends: chip.ends,
                    place: place(items[chip.item]),
                    stub: [
                        point(segment.start, bottom), point(segment.end, items[segment.below].y),
                    ]))
        }
        for edge in build.edges {
            let route: Route
            switch edge.path {
            case .chips(let out, let into): route = .chips(out: out, into: into)
            case .segments(let segments, let points):
                var line = [
                    point(
                        build.segments[segments.lowerBound].start,
                        items[edge.arrow.from].y + items[edge.arrow.from].height)
                ]
                for item in points {
                    let band = build.bands[items[item].layer]
                    line.append(point(items[item].center, band.top))
                    if band.bottom > band.top {
                        line.append(point(items[item].center, band.bottom))
                    }
                }
                let last = build.segments[segments.upperBound - 1].end
                line.append(point(last, items[edge.arrow.to].y))
                route = .line(line)
            }
            routes.append((edge.arrow, edge.position, route))
        }
        let right = items.reduce(0) { max($0, $1.center + $1.width / 2) }
        let size = point(right, build.bands.last!.bottom)
        (width, height, layers) = (size.x, size.y, build.bands.count)
    }
}
