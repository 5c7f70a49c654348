import Adjoint
import AdjointTesting
import Testing

/// What all optimisers have in common.
@Suite struct RuleTests {
    private static func loss(_ w: Tensor) -> Tensor {
        ((w - 0.5) ** 4).sum() + (w * 0.5).exp().sum()
    }

    private static func run(_ w: Tensor, _ optimizer: any Optimizer, _ steps: Int) {
        for _ in 0..<steps {
            optimizer.step {
                optimizer.zeroGrad()
                let loss = Self.loss(w)
                loss.backward()
                return loss
            }
        }
    }

    @Test(
        "a run that was stopped, saved and loaded ends bit for bit like one that was not",
        arguments: OptimizerCase.all)
    func resumes(_ optimizer: OptimizerCase) throws {
        let start = Tensor([[0.5, -1.25, 2.0], [1.5, -0.25, 0.75]])
        let whole = Parameter(start.clone())
        Self.run(whole, optimizer.make([whole], false), 7)
        let first = Parameter(start.clone())
        let before = optimizer.make([first], false)
        Self.run(first, before, 3)
        let second = Parameter(first.detach().clone())
        let after = optimizer.make([second], false)
        after.learningRate = 7
        try after.loadStateDict(before.stateDict().mapValues { $0.clone() })
        Self.run(second, after, 4)
        #expect(second.array(as: Float.self) == whole.array(as: Float.self))
        #expect(second.array(as: Float.self) != first.array(as: Float.self))
    }

    @Test("steps lower the loss, and raise it with maximize", arguments: OptimizerCase.plain)
    func directions(_ optimizer: OptimizerCase) {
        let start = Tensor([0.25, -1.25, 2.0], dtype: .float64)
        let (down, up) = (Parameter(start.clone()), Parameter(start.clone()))
        Self.run(down, optimizer.make([down], false), 1)
        Self.run(up, optimizer.make([up], true), 1)
        let losses = [down, start, up].map { Self.loss($0).item(as: Double.self) }
        #expect(losses[0] < losses[1])
        #expect(losses[1] < losses[2])
    }

    @Test("ascent is descent along the other sign", arguments: OptimizerCase.plain)
    func maximize(_ optimizer: OptimizerCase) {
        let start = Tensor([0.25, -1.25, 2.0], dtype: .float64)
        let (a, b) = (Parameter(start.clone()), Parameter(start.clone()))
        let (ascent, descent) = (optimizer.make([a], true), optimizer.make([b], false))
        for i in 1...3 {
            let g = Tensor([1.0, -2.0, 0.0], dtype: .float64) * Double(i)
            (a.grad, b.grad) = (g, -g)
            ascent.step()
            descent.step()
        }
        #expect(a.array(as: Double.self) == b.array(as: Double.self))
    }

    @Test(
        "numbers, vectors and empty tensors step; half-width ones keep float32 memories",
        arguments: OptimizerCase.plain)
    func shapes(_ optimizer: OptimizerCase) {
        let parameters = [
            Parameter(Tensor(1.0)), Parameter(Tensor.zeros(0)), Parameter(Tensor.zeros(2, 0)),
            Parameter(Tensor([1.0, 2.0], dtype: .bfloat16)),
        ]
        let made = optimizer.make(parameters, false)
        for p in parameters { p.grad = Tensor.onesLike(p) }
        made.step()
        #expect(parameters[0].item(as: Float.self) < 1)
        #expect(parameters[3].dtype == .bfloat16 && parameters.allSatisfy { $0.version > 0 })
        let kept = made.stateDict().filter { $0.key.hasPrefix("state.3.") && $0.value.ndim == 1 }
        #expect(!kept.isEmpty && kept.values.allSatisfy { $0.dtype == .float32 })
    }

    @Test("each group has its options, and further ones may follow")
    func groups() {
        let p = (0..<3).map { _ in Parameter(Tensor([1.0], dtype: .float64)) }
        let optimizer = Adagrad(groups: [
            .init([p[0]], .init(learningRate: 0.5)), .init([p[1]], .init(learningRate: 0.25)),
        ])
        optimizer.addGroup(.init([p[2]], .init(learningRate: 0.125)))
        for p in p { p.grad = Tensor([3.0], dtype: .float64) }
        optimizer.step()
        let moved = p.map { 1 - $0.item(as: Double.self) }
        #expect(zip(moved, [0.5, 0.25, 0.125]).allSatisfy { abs($0 - $1) < 1e-9 })
        optimizer.groups[1].options.learningRate = 2
        #expect(optimizer.learningRates == [0.5, 2, 0.125])
        for wrong in [-1, .nan] {
            #expect(throws: TensorError.self) {
                try catchingTensorErrors { optimizer.groups[0].options.learningRate = wrong }
            }
        }
        #expect(throws: TensorError.self) {
            try catchingTensorErrors { optimizer.groups = [] }
        }
        #expect(optimizer.learningRates == [0.5, 2, 0.125])
    }

    /// A rule of one's own: along the signs.
    private struct Signs: ComposedRule {
        var learningRate = 0.25
        var weightDecay = 0.0
        var maximize = false
        static let memories: (tensors: [String], numbers: [String]) = (["last"], [])
        mutating func visit(_ fields: inout OptionFields) { fields("lr", &learningRate) }
        var problem: String? { nil }
        func update(_ parameter: Tensor, _ gradient: Tensor, _ state: inout ParameterState) {
            state.tensor("last", of: parameter).copy_(gradient)
            parameter.sub_(gradient.sign(), alpha: learningRate)
        }
    }
    private final class SignSGD: GroupedOptimizer {
        let core: OptimizerCore<Signs>
        init(_ parameters: [Tensor]) {
            core = OptimizerCore([ParameterGroup(parameters, Signs())], named: "SignSGD")
        }
    }

    @Test("a rule of one's own is an optimiser with groups, states and errors")
    func ownRule() throws {
        let w = Parameter(Tensor([1.0, -1.0]))
        let optimizer = SignSGD([w])
        w.grad = Tensor([3.0, -5.0])
        optimizer.step()
        #expect(w.array(as: Float.self) == [0.75, -0.75])
        let state = optimizer.stateDict()
        #expect(state["state.0.last"]?.array(as: Float.self) == [3, -5])
        try SignSGD([w]).loadStateDict(state)
        #expect(throws: TensorError.self) { try catchingTensorErrors { _ = SignSGD([w * 2]) } }
    }

    @Test("tasks hand optimisers on")
    func tasks() async {
        let w = Parameter(Tensor([1.0]))
        let optimizer = SGD([w], learningRate: 0.25)
        w.grad = Tensor([1.0])
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<3 { group.addTask { optimizer.step() } }
        }
        #expect(w.item(as: Float.self) == 0.25 && optimizer.stepCount == 3)
    }
}
