import AdjointFuzzing
import AdjointTrace
import Testing

/// The trace of `y = x² + 3x` at x = 2, of a backward pass and of a second one that fails.
enum SeedTrace {
    static let text = FuzzTraces.everything

    static func document() throws -> TraceDocument { try TraceDocument(jsonLines: text.utf8) }
}

@Suite("records of a trace") struct RecordTests {
    @Test("what is written reads back as it was, every kind of record and event")
    func roundTrip() throws {
        let document = try SeedTrace.document()
        #expect(document.problem == nil)
        #expect(document.skipped == 0)
        let kinds = Set(document.events.map(\.kind))
        #expect(kinds == Set(TraceEvent.Kind.allCases))
        let again = try TraceDocument(jsonLines: document.jsonLines)
        #expect(again == document)
        // The text above is in the writer's own form, except for nulls that it leaves out.
        let lines = SeedTrace.text.replacing(#""parent":null,"#, with: "")
            .replacing(#""producer":null,"#, with: "")
        let written = String(decoding: document.jsonLines, as: UTF8.self)
        for (a, b) in zip(written.split(separator: "\n"), lines.split(separator: "\n")) {
            #expect(a == b)
        }
        #expect(written.count == lines.count)
    }

    @Test("ids lead to their records, and events are found by index")
    func indices() throws {
        let document = try SeedTrace.document()
        #expect(document.tensor(0)?.name == "x")
        #expect(document.node(0)?.saved.first?.shared == true)
        #expect(document.node(0)?.next == [.leaf(0), nil])
        #expect(document.rule("pow")?.local == ["n · self^(n−1)"])
        #expect(document.line(document.node(0)?.src) == "main.swift:2")
        #expect(document.event(10)?.kind == .accumulate)
        #expect(document.event(6) == nil)
        #expect(document.event(13)?.node == 0)
        #expect(document.scope(1)?.parent == 0)
        #expect(document.tensor(99) == nil)
        var grown = document
        var tensor = try #require(document.tensor(1))
        tensor.name = "h"
        grown.append(.tensor(tensor))
        #expect(grown.tensor(1)?.name == "h")
        #expect(grown.tensors.count == document.tensors.count)
    }

    @Test("numbers keep their bits, also where JSON has no word for them")
    func numbers() throws {
        let values: [Double] = [
            0, -0.0, 1, -1, 0.1, 1e300, .leastNonzeroMagnitude, .nan, .infinity, -.infinity, 1e15,
            123_456_789_012,
            .greatestFiniteMagnitude, Double(Float(0.1).description)!,
        ]
        let value = TraceValue.full(values, exact: true)
        var document = TraceDocument([.header(TraceHeader(library: "test"))])
        document.append(
            .tensor(
                TraceTensor(
                    id: 0, shape: [values.count], dtype: "float64", requiresGrad: false,
                    leaf: true, value: value)))
        let again = try TraceDocument(jsonLines: document.jsonLines)
        #expect(again.tensor(0)?.value == value)
        #expect(again.tensor(0)?.value != .full(values.map { -$0 }, exact: true))
    }
}
