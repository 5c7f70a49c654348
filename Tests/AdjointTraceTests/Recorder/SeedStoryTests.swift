import Adjoint
import AdjointTrace
import Testing

@Suite("the trace of x² + 3x") struct SeedStoryTests {
    static let plain = TraceOptions(stacks: .user, sourceText: false, times: false)

    static func record() -> TraceDocument {
        let x = Tensor(2.0).requiresGrad_()
        return Trace.record(plain, named: [("x", x)]) {
            let y = x ** 2 + 3 * x
            y.backward()
            #expect(throws: TensorError.self) { try catchingTensorErrors { y.backward() } }
        }
    }

    @Test("operations, the way back, both contributions to x, and what is given back")
    func story() throws {
        let trace = SeedStoryTests.record()
        let kinds = trace.events.map(\.kind)
        #expect(
            Array(kinds.prefix(13)) == [
                .forward, .forward, .forward, .backwardBegin, .backwardNode, .edge, .edge,
                .backwardNode, .accumulate, .backwardNode, .accumulate, .free, .backwardEnd,
            ])
        #expect(trace.nodes.map(\.op) == ["pow", "mul", "add"])
        #expect(trace.nodes.map(\.gradFn) == ["PowBackward", "MulBackward", "AddBackward"])
        #expect(trace.tensor(0)?.name == "x")
        #expect(trace.node(0)?.next == [.leaf(0), nil])
        #expect(trace.node(1)?.next == [nil, .leaf(0)])
        #expect(trace.node(2)?.next == [.node(0), .node(1)])
        #expect(
            trace.node(0)?.inputs == [
                TraceInput(tensor: 0, version: 0), TraceInput(scalar: 2, arg: "exponent"),
            ])
        #expect(trace.node(0)?.attrs == ["n": .number(2)])
        #expect(
            trace.node(0)?.saved == [
                TraceSaved(name: "self", tensor: 0, version: 0, bytes: 4, shared: true)
            ])
        #expect(trace.node(1)?.inputs.first == TraceInput(scalar: 3, arg: "self"))
        #expect(trace.rule("pow")?.local == ["n · self^(n−1)"])
        #expect(trace.rule("pow")?.vjp == ["grad · n · self^(n−1)"])
        #expect(trace.rule("pow")?.forward == "out = self^n")
    }

    private func one(_ x: Double) -> TraceValue { .full([x], exact: true) }

    @Test("the numbers are those of the seed: 3, then 3 + 4 = 7")
    func numbers() throws {
        let trace = SeedStoryTests.record()
        guard case .backwardNode(let mul) = trace.event(7)?.body,
            case .accumulate(let first) = trace.event(8)?.body,
            case .backwardNode(let pow) = trace.event(9)?.body,
            case .accumulate(let second) = trace.event(10)?.body,
            case .free(let free) = trace.event(11)?.body
        else {
            Issue.record("the events are not in their places")
            return
        }
        #expect(mul.node == 1)
        #expect(mul.gradOut == [one(1)])
        #expect(mul.gradIn == [.none(.undefinedGrad), one(3)])
        #expect(
            mul.local == [nil, TraceLocal(text: "3", value: one(3), product: "1 · 3 = 3")])
        #expect(first.before == .none(.notComputed))
        #expect(first.incoming == one(3))
        #expect(first.after == one(3))
        #expect(first.mode == .assign)
        #expect(first.from == 1)
        #expect(pow.gradIn == [one(4), .none(.undefinedGrad)])
        #expect(
            pow.local == [
                TraceLocal(text: "2 · 2^(2−1) = 4", value: one(4), product: "1 · 4 = 4"), nil,
            ])
        #expect(second.before == one(3))
        #expect(second.incoming == one(4))
        #expect(second.after == one(7))
        #expect(second.mode == .add)
        #expect(second.from == 0)
        #expect(free.node == 0)
    }

    @Test("the second pass is told with the node, the line and the event that explains it")
    func secondPass() throws {
        let trace = SeedStoryTests.record()
        let errors = trace.events.compactMap { event -> TraceEvent.Failure? in
            if case .error(let error) = event.body { error } else { nil }
        }
        try #require(errors.count == 1)
        #expect(errors[0].kind == "backward-twice")
        #expect(errors[0].message.contains("already gave back"))
        #expect(errors[0].phase == .backward)
        #expect(errors[0].run == 1)
        // Of the two the product is the first on the way back; its number 3 is gone too.
        #expect(errors[0].node == 1)
        #expect(errors[0].cause == 7)
        let ends = trace.events.compactMap { event -> TraceEvent.BackwardEnd? in
            if case .backwardEnd(let end) = event.body { end } else { nil }
        }
        #expect(ends == [.init(run: 0), .init(run: 1, failed: true)])
    }

    @Test("equal runs give equal traces, and a file holds what memory does")
    func equalRuns() throws {
        let first = SeedStoryTests.record()
        #expect(first == SeedStoryTests.record())
        #expect(try TraceDocument(jsonLines: first.jsonLines).records == first.records)
    }

    #if os(Linux)
        @Test("every operation has its line")
        func lines() throws {
            let trace = SeedStoryTests.record()
            for node in trace.nodes {
                let line = try #require(trace.line(node.src))
                #expect(line.hasPrefix("SeedStoryTests.swift:"), "\(node.op) at \(line)")
            }
        }
    #endif
}
