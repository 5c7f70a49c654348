import Testing

@testable import AdjointTrace

@Suite struct TraceMemoryTests {
    private func document() -> TraceDocument {
        var document = TraceDocument()
        document.append(.file(TraceFile(id: 0, path: "a/b.swift")))
        document.append(.scope(TraceScope(id: 0, name: "fc1", kind: .module)))
        document.append(.scope(TraceScope(id: 1, parent: 0, name: "act", kind: .module)))
        for (id, (op, bytes, line, scope)) in [
            ("exp", 100, 3, 0), ("sin", 50, 4, 1), ("exp", 10, 3, nil),
        ].enumerated() as EnumeratedSequence<[(String, Int, Int, Int?)]> {
            document.append(
                .node(
                    TraceNode(
                        id: id, op: op, scope: scope, src: .init(file: 0, line: line), inputs: [],
                        outputs: [],
                        saved: [
                            .init(name: "self", tensor: 0, version: 0, bytes: bytes),
                            .init(name: "w", tensor: 1, version: 0, bytes: 7, shared: true),
                        ])))
            document.append(.event(TraceEvent(index: id, .forward(.init(node: id)))))
        }
        document.append(.event(TraceEvent(index: 3, .free(.init(node: 1)))))
        document.append(.event(TraceEvent(index: 4, .free(.init(node: 0)))))
        document.append(.event(TraceEvent(index: 5, .free(.init(node: 0)))))
        return document
    }

    @Test("Bytes are held from forward until they are freed, shared ones not at all")
    func curve() {
        let memory = document().memory()
        #expect(memory.points.map(\.bytes) == [100, 150, 160, 110, 10])
        #expect(memory.peak == .init(event: 2, bytes: 160))
        #expect(memory.shared == 21)
        #expect(
            memory.bytes(at: 3) == 110 && memory.bytes(at: 99) == 10 && memory.bytes(at: -1) == 0)
    }

    @Test("By operation, line and module, at the peak or at an event")
    func causes() {
        let memory = document().memory()
        #expect(memory.causes().map(\.name) == ["exp", "sin"])
        #expect(memory.causes().map(\.bytes) == [110, 50])
        #expect(memory.causes()[0].nodes == [0, 2])
        #expect(memory.causes(at: 4).map(\.name) == ["exp"])
        #expect(memory.causes(by: .line).map(\.name) == ["b.swift:3", "b.swift:4"])
        #expect(
            memory.causes(by: .module).map(\.name) == ["fc1", "fc1 > act", "(outside modules)"])
        #expect(memory.causes(by: .operationAndLine)[0].name == "exp at b.swift:3")
        let total = memory.points.first { $0.event == 2 }?.bytes
        for grouping in TraceMemory.Grouping.allCases {
            #expect(memory.causes(at: 2, by: grouping).reduce(0) { $0 + $1.bytes } == total)
        }
    }

    @Test("Graphs that die unseen end where the trace says what is held")
    func deaths() {
        var document = document()
        document.append(.event(TraceEvent(index: 6, .mem(.init(bytes: 0, mem: [:])))))
        let memory = document.memory()
        #expect(memory.points.last == .init(event: 6, bytes: 0))
        #expect(memory.causes(at: 6).isEmpty && memory.causes(at: 5).map(\.bytes) == [10])
    }

    @Test("A graph without events holds what it holds")
    func graphs() {
        let memory = SampleTraces.blocks(2).memory()
        #expect(memory.points == [.init(event: 0, bytes: 48)])
        #expect(memory.causes(by: .module).map(\.bytes) == [24, 24])
    }
}
