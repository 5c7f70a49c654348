import Foundation
import Testing

@testable import AdjointTrace

@Suite struct GraphLayoutTests {
    @Test("There are fixtures")
    func fixtures() { #expect(LayoutFixture.all.count >= 15) }

    @Test(
        "The page and this library place every box, chip and line alike",
        arguments: LayoutFixture.all)
    func twins(_ fixture: LayoutFixture) {
        let found = fixture.described(fixture.layout) as NSDictionary
        let wanted = fixture.output as NSDictionary
        for key in ["width", "height", "layers", "crossings", "nodes", "chips", "edges", "stubs"] {
            let (a, b) = (found[key] as! NSObject, wanted[key] as! NSObject)
            #expect(a == b, "\(key)")
        }
    }

    @Test("Boxes keep apart, and lines run on from layer to layer", arguments: LayoutFixture.all)
    func properties(_ fixture: LayoutFixture) { check(fixture.layout, fixture.options) }

    private func check(_ layout: GraphLayout, _ options: GraphLayout.Options) {
        let places = layout.places + layout.chips.map(\.place)
        var isApart = true
        for (i, a) in places.enumerated() {
            #expect(a.x >= 0 && a.y >= 0)
            #expect(a.x + a.width <= layout.width && a.y + a.height <= layout.height)
            for b in places[(i + 1)...] {
                isApart =
                    isApart
                    && (a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y
                        || b.y + b.height <= a.y)
            }
        }
        #expect(isApart)
        func along(_ point: GraphLayout.Point) -> Int { options.isTurned ? point.x : point.y }
        for (arrow, _, route) in layout.routes {
            guard case .line(let points) = route else { continue }
            #expect(zip(points, points.dropFirst()).allSatisfy { along($0) < along($1) })
            let (from, to) = (layout.places[arrow.from], layout.places[arrow.to])
            #expect(
                along(points[0])
                    == (options.isTurned ? from.x + from.width : from.y + from.height))
            #expect(along(points.last!) == (options.isTurned ? to.x : to.y))
        }
    }

    /// Random graphs whose edges may lead back, to themselves and nowhere.
    @Test("The same holds for random graphs with edges of every kind", arguments: 0..<40)
    func random(_ seed: Int) {
        var dice = Dice(state: UInt64(seed) + 1)
        let count = 1 + dice.roll(40)
        let boxes = (0..<count).map { _ in
            GraphLayout.Box(width: 9 + dice.roll(90), height: 7 + dice.roll(50))
        }
        let arrows = (0..<dice.roll(3 * count)).map { _ in
            GraphLayout.Arrow(from: dice.roll(count + 1), to: dice.roll(count + 1))
        }
        var options = GraphLayout.Options()
        options.isTurned = seed % 2 == 1
        options.cut = [0, 1, 3, 12][seed % 4]
        let layout = GraphLayout(boxes, arrows, options)
        check(layout, options)
        #expect(
            layout.routes.map(\.position)
                == arrows.indices.filter {
                    let arrow = arrows[$0]
                    return arrow.from != arrow.to && arrow.from < count && arrow.to < count
                })
        #expect(layout == GraphLayout(boxes, arrows, options))
    }

    @Test("Names play no part: a graph drawn alone is where it is among its likes")
    func relabelling() {
        let one = [GraphLayout.Arrow(from: 0, to: 1), .init(from: 0, to: 2), .init(from: 1, to: 2)]
        let boxes = [GraphLayout.Box](repeating: .init(width: 60, height: 20), count: 3)
        let alone = GraphLayout(boxes, one)
        let reversed = GraphLayout(boxes, one.reversed())
        #expect(alone.places.map(\.layer) == reversed.places.map(\.layer))
        #expect(alone.places == reversed.places)
    }

    @Test("Long edges are cut, each end once for its box; 0 cuts none")
    func cuts() {
        let boxes = [GraphLayout.Box](repeating: .init(width: 60, height: 20), count: 20)
        let chain = (1..<20).map { GraphLayout.Arrow(from: $0 - 1, to: $0) }
        let long = [GraphLayout.Arrow(from: 0, to: 18), .init(from: 0, to: 19)]
        let cut = GraphLayout(boxes, chain + long)
        #expect(cut.chips.map(\.isOut) == [true, false, false])
        #expect(cut.chips[0].ends == [18, 19] && cut.chips[1].ends == [0])
        var options = GraphLayout.Options()
        options.cut = 0
        #expect(GraphLayout(boxes, chain + long, options).chips.isEmpty)
    }

    @Test("A chain of a million boxes is placed without recursion")
    func chain() {
        let count = 1_000_000
        let layout = GraphLayout(
            [GraphLayout.Box](repeating: .init(width: 40, height: 10), count: count),
            (1..<count).map { .init(from: $0 - 1, to: $0) })
        #expect(layout.layers == count && layout.width == 40)
        #expect(layout.places.last!.y == (count - 1) * 74)
    }
}

/// Numbers from a seed.
struct Dice {
    var state: UInt64

    mutating func roll(_ sides: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % max(sides, 1)
    }
}
