import Foundation
import Testing

@testable import AdjointTrace

/// A graph and the places that both layouts must give it, from the fixtures of the page's tests.
/// Its dictionary is never written to.
struct LayoutFixture: CustomTestStringConvertible, @unchecked Sendable {
    let name: String
    let ids: [String]
    let boxes: [GraphLayout.Box]
    /// Those between known ids, self-loops too.
    let arrows: [GraphLayout.Arrow]
    let options: GraphLayout.Options
    let output: [String: Any]

    var testDescription: String { name }

    static let all: [LayoutFixture] = {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../../web/tests/fixtures/layout").standardized
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.sorted().compactMap { name in
            guard let data = try? Data(contentsOf: folder.appendingPathComponent(name)),
                let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
            else { return nil }
            return LayoutFixture(object)
        }
    }()

    private init?(_ object: [String: Any]) {
        guard let name = object["name"] as? String, let input = object["input"] as? [String: Any],
            let output = object["output"] as? [String: Any],
            let nodes = input["nodes"] as? [[String: Any]],
            let edges = input["edges"] as? [[String: String]]
        else { return nil }
        (self.name, self.output) = (name, output)
        ids = nodes.map { $0["id"] as! String }
        boxes = nodes.map { .init(width: $0["w"] as! Int, height: $0["h"] as! Int) }
        let places = Dictionary(uniqueKeysWithValues: ids.enumerated().map { ($1, $0) })
        arrows = edges.compactMap { edge in
            guard let from = places[edge["from"]!], let to = places[edge["to"]!] else { return nil }
            return .init(from: from, to: to)
        }
        let given = input["options"] as? [String: Any] ?? [:]
        var options = GraphLayout.Options()
        options.isTurned = given["direction"] as? String == "LR"
        options.cut = given["cut"] as? Int ?? options.cut
        options.nodeGap = given["nodeGap"] as? Int ?? options.nodeGap
        options.lineGap = given["lineGap"] as? Int ?? options.lineGap
        options.layerGap = given["layerGap"] as? Int ?? options.layerGap
        if let chip = given["chip"] as? [Int] {
            options.chip = .init(width: chip[0], height: chip[1])
        }
        self.options = options
    }

    var layout: GraphLayout { GraphLayout(boxes, arrows, options) }

    /// `layout` in the words of the fixtures.
    func described(_ layout: GraphLayout) -> [String: Any] {
        func points(_ points: [GraphLayout.Point]) -> [[Int]] { points.map { [$0.x, $0.y] } }
        func place(_ place: GraphLayout.Place) -> [String: Any] {
            [
                "layer": place.layer, "x": place.x, "y": place.y, "w": place.width,
                "h": place.height,
            ]
        }
        func id(_ chip: GraphLayout.Chip) -> String {
            "\(chip.isOut ? "out" : "in"):\(ids[chip.node])"
        }
        let chips = layout.chips.map { chip in
            place(chip.place).merging([
                "id": id(chip), "kind": chip.isOut ? "out" : "in", "node": ids[chip.node],
                "ends": chip.ends.map { ids[$0] },
            ]) { $1 }
        }
        let edges = layout.routes.map { arrow, _, route -> [String: Any] in
            var edge: [String: Any] = ["from": ids[arrow.from], "to": ids[arrow.to]]
            switch route {
            case .line(let line): edge["points"] = points(line)
            case .chips(let out, let into):
                edge["out"] = id(layout.chips[out])
                edge["in"] = id(layout.chips[into])
            }
            return edge
        }
        return [
            "width": layout.width, "height": layout.height, "layers": layout.layers,
            "crossings": layout.crossings,
            "nodes": layout.places.enumerated().map { place($1).merging(["id": ids[$0]]) { $1 } },
            "chips": chips, "edges": edges,
            "stubs": layout.chips.map { ["chip": id($0), "points": points($0.stub)] },
        ]
    }
}
