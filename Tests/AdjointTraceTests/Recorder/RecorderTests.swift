import Adjoint
import AdjointTrace
import Testing

extension TraceDocument {
    func bodies<T>(_ pick: (TraceEvent.Body) -> T?) -> [T] { events.compactMap { pick($0.body) } }
    var accumulations: [TraceEvent.Accumulate] {
        bodies { if case .accumulate(let e) = $0 { e } else { nil } }
    }
    var edges: [TraceEvent.Edge] { bodies { if case .edge(let e) = $0 { e } else { nil } } }
    var runs: [TraceEvent.BackwardNode] {
        bodies { if case .backwardNode(let e) = $0 { e } else { nil } }
    }
    var writes: [TraceEvent.InPlace] {
        bodies { if case .inplace(let e) = $0 { e } else { nil } }
    }
    var errors: [TraceEvent.Failure] { bodies { if case .error(let e) = $0 { e } else { nil } } }
    var anomalies: [TraceEvent.Anomaly] {
        bodies { if case .anomaly(let e) = $0 { e } else { nil } }
    }
    func op(_ name: String) -> TraceNode? { nodes.first { $0.op == name } }
}

@Suite("what is recorded of gradients") struct RecordedGradientTests {
    private let plain = TraceOptions(stacks: .none, times: false)
    private func one(_ x: Double) -> TraceValue { .full([x], exact: true) }

    @Test("a gradient that was there is added to once, with the sum of the pass")
    func secondStep() {
        let x = Tensor(2.0).requiresGrad_()
        let trace = Trace.record(plain) {
            for _ in 0..<2 { (x ** 2 + 3 * x).backward() }
        }
        #expect(trace.accumulations.map(\.after) == [one(3), one(7), one(14)])
        #expect(trace.accumulations[2].before == one(7))
        #expect(trace.accumulations[2].incoming == one(7))
        #expect(trace.accumulations[2].from == nil)
        let toLeaf = trace.edges.filter { $0.to == .leaf(0) }
        #expect(toLeaf.map(\.value) == [one(3), one(4)])
        #expect(toLeaf.allSatisfy { $0.run == 1 })
        #expect(x.grad!.item(as: Double.self) == 14)
        #expect(TraceChecker.check(trace) == [])
    }

    @Test("the engine's own order of adding is kept, to the last bit")
    func bits() throws {
        let x = Tensor([0.1, 0.7, -3.3]).requiresGrad_()
        let trace = Trace.record(plain) {
            for k in 0..<3 {
                let y = (x * 0.3).sin() * x + (x * Double(k)).exp() / (x * x + 1)
                y.sum().backward()
            }
        }
        #expect(TraceChecker.check(trace) == [])
        let last = try #require(trace.accumulations.last?.after.elements)
        #expect(last.map { Float($0) } == x.grad!.array(as: Float.self))
    }

    @Test("a pass that fails says so, and leaves gradients as they were")
    func failure() throws {
        let x = Tensor([1.0, 2.0]).requiresGrad_()
        let trace = Trace.record(TraceOptions(times: false)) {
            let h = x.exp()
            let y = h * 2
            h.add_(1)
            #expect(throws: TensorError.self) {
                try catchingTensorErrors { (y + x).sum().backward() }
            }
        }
        #expect(x.grad == nil)
        let error = try #require(trace.errors.first)
        #expect(trace.errors.count == 1)
        #expect(error.kind == "inplace-clash")
        #expect(error.expected == 0)
        #expect(error.actual == 1)
        #expect(error.node == trace.op("exp")?.id)
        let cause = try #require(error.cause)
        guard case .inplace(let write) = trace.event(cause)?.body else {
            Issue.record("the cause is no write")
            return
        }
        #expect(write.name == "add_")
        #expect(write.versionBefore == 0)
        #expect(write.versionAfter == 1)
        #expect(write.tensor == error.tensor)
        #expect(trace.events.last?.kind == .error)
        #expect(TraceChecker.check(trace) == [])
    }

    @Test("hooks that change a gradient are told of")
    func hooks() {
        let x = Tensor([1.0, 2.0]).requiresGrad_()
        let trace = Trace.record(plain) {
            let h = x * 3
            h.registerHook { $0 * 10 }
            h.sum().backward()
        }
        let notes = trace.bodies { if case .note(let e) = $0 { e } else { nil } }
        #expect(notes.map(\.node) == [trace.op("mul")?.id])
        #expect(trace.accumulations.map(\.after) == [.full([30, 30], exact: true)])
        #expect(TraceChecker.check(trace) == [])
    }

    @Test("gradients that are handed out, retained, or wanted of some tensors alone")
    func others() throws {
        let x = Tensor([1.0, 2.0]).requiresGrad_()
        let trace = Trace.record(plain) {
            let h = x * 3
            h.retainGrad()
            let y = (h * h).sum()
            _ = grad(of: y, wrt: x, retainGraph: true)
            y.backward(retainGraph: true)
            y.backward(inputs: [x])
        }
        #expect(TraceChecker.check(trace) == [])
        let h = try #require(trace.op("mul")?.outputs.first)
        #expect(trace.accumulations.map(\.tensor).contains(h))
        // The gradient that is handed out changes no leaf's; what h retains is filled in any pass.
        #expect(trace.accumulations.filter { $0.run == 0 }.map(\.tensor) == [h])
        #expect(trace.edges.contains { $0.run == 0 && $0.to == .leaf(0) })
        #expect(trace.accumulations.last?.after == .full([36, 72], exact: true))
    }

    @Test("second derivatives stand a storey higher")
    func secondOrder() throws {
        let x = Tensor(2.0).requiresGrad_()
        let trace = Trace.record(plain) {
            let y = x ** 3
            let first = grad(of: y, wrt: x, createGraph: true)
            first.backward()
        }
        #expect(x.grad!.item(as: Double.self) == 12)
        let second = trace.nodes.filter { $0.order == 2 }
        #expect(!second.isEmpty)
        #expect(trace.op("pow")?.order == 1)
        // What they are made of is known: the leaf itself is among their operands.
        #expect(second.contains { $0.inputs.contains { $0.tensor == 0 } })
        #expect(TraceChecker.check(trace) == [])
    }

    @Test("a graph that was recorded before can be walked")
    func earlierGraph() {
        let x = Tensor([1.0, 2.0]).requiresGrad_()
        let y = (x.exp() * x).sum()
        let trace = Trace.record(plain, named: [("x", x)]) { y.backward() }
        #expect(trace.nodes.map(\.op) == ["exp", "mul", "sum"])
        #expect(trace.accumulations.count == 2)
        #expect(trace.tensor(trace.accumulations[0].tensor)?.name == "x")
        #expect(TraceChecker.check(trace) == [])
    }

    @Test("a result that is named later is still the result of its operation")
    func lateName() throws {
        let x = Tensor([1.0, 2.0]).requiresGrad_()
        let trace = Trace.record(plain) {
            let h = x * 3
            Trace.name(h, "h")
            h.sum().backward()
        }
        let node = try #require(trace.op("mul"))
        let h = try #require(trace.tensor(node.outputs[0]))
        #expect(h.name == "h")
        #expect(h.producer == TraceTensor.Producer(node: node.id))
        #expect(h.role == .intermediate)
        #expect(try TraceDocument(jsonLines: trace.jsonLines).tensor(h.id)?.producer == h.producer)
    }

    @Test("a broadcast operand is told with what it was summed over")
    func broadcast() throws {
        let b = Tensor.zeros([4]).requiresGrad_()
        let trace = Trace.record(plain) { (Tensor.ones([3, 4]) + b).sum().backward() }
        let add = try #require(trace.op("add")?.id)
        let local = try #require(trace.runs.first { $0.node == add }?.local[1])
        #expect(
            local.text.hasSuffix(
                "summed over dim 0, because other was broadcast from [4] to [3, 4]"))
    }

    @Test("float16 and bfloat16 add up as they do", arguments: [DType.float16, .bfloat16])
    func halves(_ dtype: DType) {
        let x = Tensor([0.1, 300.7]).to(dtype).requiresGrad_()
        let trace = Trace.record(plain) {
            for _ in 0..<3 { (x * 1.7 + x * 0.9).sum().backward() }
        }
        #expect(TraceChecker.check(trace) == [])
        #expect(trace.accumulations.count == 4)
    }
}
