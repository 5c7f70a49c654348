import AdjointCore
import Foundation
import Testing

@testable import AdjointTrace

@Suite struct SVGTests {
    /// `ADJOINT_WRITE_FIXTURES=1` writes the golden files anew.
    private func golden(_ name: String, _ text: String) throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../Fixtures/\(name)").standardized
        if ProcessInfo.processInfo.environment["ADJOINT_WRITE_FIXTURES"] == "1" {
            try Data(text.utf8).write(to: file)
        }
        let wanted = try String(contentsOf: file, encoding: .utf8)
        #expect(text == wanted, "\(name) is drawn in another way")
    }

    @Test("The seed's pictures are these files, byte for byte")
    func goldenFiles() throws {
        try golden("seed.svg", try SampleTraces.seed.svg())
        try golden("seed-event-9-right.svg", try SampleTraces.seed.svg(at: 9, direction: .right))
        try golden("seed-animated.svg", try SampleTraces.seed.svg(isAnimated: true))
        try golden("blocks.svg", try SampleTraces.blocks(4).svg())
    }

    @Test("A picture has its words: role, title, description, text as text")
    func words() throws {
        let svg = try SampleTraces.seed.svg()
        #expect(svg.contains("role=\"img\" "))
        #expect(
            svg.contains(
                "<title id=\"adjoint-title\">Graph of y = x² + 3x: 3 operations, 2 leaves</title>"))
        #expect(svg.contains("mul, [] float32, value 6, gradient 1, main.swift:2."))
        #expect(svg.contains(">∂ 3 + 4 = 7</text>") && svg.contains(">= 10</text>"))
        #expect(svg.contains("@media (prefers-color-scheme:dark)"))
        #expect(!svg.contains("http:") || svg.components(separatedBy: "http:").count == 2)
        #expect(!svg.contains("@keyframes"))
        let moving = try SampleTraces.seed.svg(isAnimated: true)
        #expect(moving.contains("@media (prefers-reduced-motion:no-preference)"))
        #expect(moving.contains("style=\"--at:"))
    }

    @Test("A long name is shortened in the box and whole in its tooltip")
    func longNames() throws {
        let name = String(repeating: "encoder.layer.", count: 20) + "weight"
        let svg = try SampleTraces.seed(replacing: [("\"name\":\"x\"", "\"name\":\"\(name)\"")])
            .svg()
        #expect(svg.contains("<title>\(name) (leaf)"))
        #expect(!svg.contains("class=\"name\" x=\"78\" y=\"19\">\(name)"))
        let width = svg.firstMatch(of: /width="([0-9]+)"/)?.1
        #expect(Int(width ?? "")! < 700)
    }

    @Test("More boxes than can be read are collapsed by module, or refused")
    func large() throws {
        let svg = try SampleTraces.blocks(900).svg()
        #expect(svg.contains("Graph of blocks: 0 operations, 900 modules, 1 leaf"))
        let flat = SampleTraces.blocks(1, operations: 2600).records.filter {
            if case .scope = $0 { false } else { true }
        }
        #expect(throws: ExportError.self) { try TraceDocument(flat).svg() }
    }

    @Test("Cut edges, NaNs and freed buffers are said, not only coloured")
    func marks() throws {
        let svg = try SampleTraces.seed(replacing: [
            ("\"data\":[6]", "\"data\":[\"NaN\"]"),
            ("\"bytes\":4,\"shared\":true", "\"bytes\":4000"),
            ("\"next\":[{\"node\":0},{\"node\":1}]", "\"next\":[null,{\"node\":1}]"),
        ]).svg()
        #expect(svg.contains("class=\"bad\"") && svg.contains(">NaN</text>"))
        #expect(svg.contains(">freed 4 kB</text>"))
        #expect(svg.contains("class=\"edge cut\"") && svg.contains(">no gradient</text>"))
    }

    @Test("A graph of the library draws itself, with names, lines and saved bytes")
    func graphs() throws {
        let x = Tensor([2.0, 3.0], requiresGrad: true)
        let y = (x ** 2 + 3 * x).sum()
        let graph = y.graph(naming: [("x", x)])
        let svg = try graph.svg(title: "y")
        #expect(svg.contains("Graph of y: 4 operations, 1 leaf"))
        #expect(svg.contains(">sum</text>") && svg.contains(">x</text>"))
        #expect(svg == (try y.graph(naming: [("x", x)]).svg(title: "y")))
        let document = graph.document(title: "y")
        #expect(document.nodes.map(\.op).last == "sum")
        #expect(document.nodes.map(\.id) == [0, 1, 2, 3])
        #expect(document.nodes[0].next == [.leaf(0)])
        #expect(document.tensor(0)?.name == "x" && document.tensor(0)?.leaf == true)
        #expect(try TraceDocument(jsonLines: document.jsonLines) == document)
        #expect(throws: ExportError.self) { try Tensor([1.0]).graph().svg() }
        #expect(try graph.dot(cut: 0).contains("t0 -> n0"))
    }
}
