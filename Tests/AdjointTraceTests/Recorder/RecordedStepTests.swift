import Adjoint
import AdjointTrace
import Testing

@Suite("what is recorded of programs") struct RecordedStepTests {
    private let plain = TraceOptions(stacks: .none, times: false)

    private final class Net: Module {
        let fc1 = Linear(3, 4), fc2 = Linear(4, 2)
        func callAsFunction(_ x: Tensor) -> Tensor { fc2(relu(fc1(x))) }
    }

    @Test("modules are scopes, parameters have names, steps and emptied gradients are events")
    func training() throws {
        let model = Net()
        let optimizer = SGD(model.parameters(), learningRate: 0.1)
        let x = Tensor.ones([5, 3])
        let trace = Trace.record(TraceOptions(sourceText: false, times: false), model: model) {
            for i in 0..<2 {
                Trace.iteration("step", i) {
                    let loss = model(x).square().mean()
                    optimizer.zeroGrad()
                    loss.backward()
                    optimizer.step()
                    Trace.metric("loss", loss, step: i)
                }
            }
        }
        #expect(TraceChecker.check(trace) == [])
        let names = Set(trace.tensors.filter { $0.role == .parameter }.compactMap(\.name))
        #expect(names == ["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"])
        let linears = trace.nodes.filter { $0.op == "linear" }
        let paths = linears.map { $0.scope.flatMap { trace.scope($0) }?.path }
        #expect(paths == ["fc1", "fc2", "fc1", "fc2"])
        let iterations = trace.scopes.filter { $0.kind == .iteration }.map(\.name)
        #expect(iterations == ["step 0", "step 1"])
        let steps = trace.bodies { if case .optimStep(let e) = $0 { e } else { nil } }
        #expect(steps.count == 8)
        #expect(steps.allSatisfy { $0.name == "SGD" && $0.versionAfter! > $0.versionBefore! })
        #expect(steps.map(\.step) == [1, 1, 1, 1, 2, 2, 2, 2])
        let zeroed = trace.bodies { if case .zeroGrad(let e) = $0 { e } else { nil } }
        #expect(zeroed.count == 4)
        #expect(trace.accumulations.allSatisfy { $0.mode == .assign })
        let metrics = trace.bodies { if case .metric(let e) = $0 { e } else { nil } }
        #expect(metrics.map(\.step) == [0, 1])
        #expect(metrics[1].y < metrics[0].y)
        #expect(trace.bodies { if case .loop(let e) = $0 { e.step } else { nil } } == [0, 1])
        // The operations of the update are the optimiser's business.
        #expect(trace.writes.isEmpty)
    }

    @Test("layers that nobody named are told apart")
    func anonymous() {
        let model = Sequential(Linear(2, 2), ReLU(), Linear(2, 1))
        let trace = Trace.record(plain) {
            _ = Trace.scope("forward") { model(Tensor.ones([1, 2])) }
        }
        let paths = trace.scopes.compactMap(\.path)
        #expect(
            paths == [
                "sequential1", "sequential1.linear1", "sequential1.reLU1", "sequential1.linear2",
            ])
        #expect(trace.scopes.first?.kind == .user)
        #expect(trace.scopes.first?.name == "forward")
        #expect(trace.scope(1)?.parent == 0)
    }

    @Test("writes in place carry versions, views their base, cuts their source")
    func writes() throws {
        let x = Tensor([1.0, 2.0, 3.0])
        let trace = Trace.record(plain) {
            let w = Tensor([1.0, 1.0, 1.0]).requiresGrad_()
            let y = w * x
            y[0...1].mul_(2)
            let cut = y.detach()
            _ = cut + 1
            noGrad { _ = y + 1 }
            _ = y + 2
        }
        #expect(TraceChecker.check(trace) == [])
        let write = try #require(trace.writes.first)
        #expect(write.versionBefore == 0)
        #expect(write.versionAfter == 1)
        #expect(write.name == "mul_")
        let view = try #require(trace.tensor(write.tensor))
        let y = try #require(trace.op("mul")?.outputs.first)
        #expect(view.viewOf == y)
        #expect(view.storage == trace.tensor(y)?.storage)
        let detach = try #require(trace.op("detach"))
        #expect(detach.inputs.map(\.tensor) == [y])
        #expect(detach.gradFn == nil)
        let modes = trace.bodies { if case .gradMode(let e) = $0 { e.enabled } else { nil } }
        #expect(modes.suffix(2) == [false, true])
        let adds = trace.nodes.filter { $0.op == "add" }
        #expect(adds.map(\.gradEnabled) == [true, false, true])
        #expect(adds.map { $0.gradFn != nil } == [false, false, true])
    }

    @Test("the first NaN is found where it is made, forward and backward")
    func anomalies() throws {
        let forward = Trace.record(plain) {
            let x = Tensor([[1.0, 4.0], [-1.0, 2.0]]).requiresGrad_()
            _ = (x.log() * 2).sum()
        }
        let first = try #require(forward.anomalies.first)
        #expect(forward.anomalies.count == 1)
        #expect(first.kind == "nan")
        #expect(first.node == forward.op("log")?.id)
        #expect(first.index == [1, 0])
        #expect(first.count == 1)
        let backward = Trace.record(plain) {
            let x = Tensor([0.0, 4.0]).requiresGrad_()
            (x.sqrt() * Tensor([0.0, 1.0])).sum().backward()
        }
        let second = try #require(backward.anomalies.first)
        #expect(second.phase == .backward)
        #expect(second.node == backward.op("sqrt")?.id)
        // Masks are meant.
        let mask = Trace.record(plain) {
            _ = Tensor.ones([2]).maskedFill(Tensor([true, false]), -Double.infinity)
        }
        #expect(mask.anomalies.isEmpty)
    }

    @Test("nothing that was recorded is kept alive")
    func weakly() {
        weak var leaf: Tensor?
        weak var middle: Tensor?
        weak var gradient: Tensor?
        weak var node: Node?
        let recording = Trace.record(plain) {
            do {
                let x = Tensor([1.0, 2.0]).requiresGrad_()
                let h = x.exp()
                (h * h).sum().backward()
                leaf = x
                middle = h
                gradient = x.grad
                node = h.gradFn
                #expect(leaf != nil && middle != nil && gradient != nil && node != nil)
            }
            #expect(leaf == nil)
            #expect(middle == nil)
            #expect(gradient == nil)
            #expect(node == nil)
        }
        #expect(recording.nodes.count == 3)
    }

    @Test("bytes are told by what holds them, shared blocks once")
    func memory() throws {
        let trace = Trace.record(plain) {
            let x = Tensor.ones([100]).requiresGrad_()
            let h = x.exp()
            (h * h.sin()).sum().backward()
        }
        let mem = trace.bodies { if case .mem(let e) = $0 { e } else { nil } }
        // exp keeps its result, which sin and mul share; mul keeps the sine too.
        #expect(mem.map(\.bytes) == [800, 0])
        #expect(mem[0].mem == ["exp": 400, "mul": 400])
        let frees = trace.bodies { if case .free(let e) = $0 { e.bytes } else { nil } }
        #expect(frees.compactMap { $0 }.reduce(0, +) == 800)
        #expect(trace.op("sin")?.saved.first?.shared == true)
    }

    @Test("values: none, statistics with the first elements, or all")
    func levels() throws {
        func value(_ options: TraceOptions) -> TraceValue? {
            Trace.record(options) { _ = Tensor.arange(0, 100, dtype: .float32) * 1 }
                .op("mul").flatMap { $0.outputs.first }.flatMap { id in
                    Trace.record(options) { _ = Tensor.arange(0, 100, dtype: .float32) * 1 }.tensor(
                        id)?
                        .value
                }
        }
        #expect(value(TraceOptions(values: .none, stacks: .none)) == .none(.notCaptured))
        #expect(
            value(TraceOptions(values: .full, stacks: .none))
                == .full((0..<100).map(Double.init), exact: true))
        guard case .sum(let sum)? = value(TraceOptions(stacks: .none, histogramBins: 4)) else {
            Issue.record("no statistics")
            return
        }
        #expect(sum.n == 100)
        #expect(sum.min == 0)
        #expect(sum.max == 99)
        #expect(sum.mean == 49.5)
        #expect(abs(sum.std! - 28.866070047722118) < 1e-9)
        #expect(sum.zeros == 1)
        #expect(sum.head.count == 8)
        #expect(sum.hist?.counts == [25, 25, 25, 25])
    }

    @Test("limits keep the earliest events, or the latest, and count the others")
    func limits() {
        func work() { for _ in 0..<50 { _ = Tensor([1.0]) + 1 } }
        let earliest = Trace.record(TraceOptions(stacks: .none, maxEvents: 10), work)
        #expect(earliest.eventCount == 10)
        #expect(earliest.header?.dropped["ev"] == 40)
        let latest = Trace.record(
            TraceOptions(stacks: .none, maxEvents: 10, keepsLatest: true), work)
        #expect(latest.eventCount == 10)
        #expect(latest.events.map(\.index) == Array(40..<50))
        #expect(latest.header?.dropped["ev"] == 40)
    }

    @Test("only the task that records is recorded, and its children with it")
    func tasks() async {
        let trace = await Trace.record(plain) {
            async let child = Task.yield()
            await child
            await withTaskGroup(of: Void.self) { group in
                group.addTask { _ = Tensor([1.0]).exp() }
            }
            await Task.detached { _ = Tensor([1.0]).sin() }.value
        }
        #expect(trace.nodes.map(\.op) == ["exp"])
        #expect(!Trace.isRecording)
    }

    @Test("a custom function is a node like others")
    func customFunction() throws {
        let trace = Trace.record(plain) {
            let x = Tensor([1.0, 2.0]).requiresGrad_()
            let y = CustomDouble().apply([x])[0]
            y.sum().backward()
        }
        let node = try #require(trace.op("CustomDouble"))
        #expect(trace.runs.contains { $0.node == node.id })
        #expect(TraceChecker.check(trace) == [])
    }

    private struct CustomDouble: Function {
        func forward(_ context: FunctionContext, _ inputs: [Tensor]) -> [Tensor] {
            [inputs[0] * 2]
        }
        func backward(_ context: FunctionContext, _ gradients: [Tensor?]) -> [Tensor?] {
            [gradients[0].map { $0 * 2 }]
        }
    }
}
