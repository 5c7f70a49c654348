import Adjoint
import AdjointTesting
import Testing

@Suite struct MasterWeightsTests {
    @Test("steps too small for the short type add up")
    func smallSteps() {
        func walk(_ make: ([Tensor]) -> any Optimizer) -> Parameter {
            let w = Parameter(Tensor([1.0], dtype: .bfloat16))
            let optimizer = make([w])
            for _ in 0..<100 {
                optimizer.zeroGrad()
                w.sum().backward()
                optimizer.step()
            }
            return w
        }
        #expect(walk { SGD($0, learningRate: 1e-4) }.item() == Float(1))
        // 0.99 to eight bits.
        let kept = walk { MasterWeights($0) { SGD($0, learningRate: 1e-4) } }
        #expect(kept.item() == Float(0.98828125) && kept.dtype == .bfloat16)
    }

    private func network() -> Sequential {
        withGenerator(seed: 1) { Sequential(Linear(3, 8), Tanh(), Linear(8, 1)) }
    }

    private let x = withGenerator(seed: 2) { Tensor.randn(32, 3) }

    private func step(_ net: Sequential, _ optimizer: any Optimizer, _ count: Int) -> Double {
        var last = 0.0
        for _ in 0..<count {
            let loss = optimizer.step {
                optimizer.zeroGrad()
                let input = x.to(net.parameters()[0].dtype)
                let loss = mseLoss(net(input).to(.float32), x.sum(dim: 1, keepDim: true).tanh())
                loss.backward()
                return loss
            }
            last = loss.item()
        }
        return last
    }

    @Test("a converted network learns, with gradients and masters in float32")
    func training() {
        let net = network().to(.bfloat16)
        let optimizer = MasterWeights(net.parameters()) { Adam($0, learningRate: 0.01) }
        let first = step(net, optimizer, 1)
        #expect(step(net, optimizer, 150) < first / 10)
        for (parameter, master) in zip(net.parameters(), optimizer.masters) {
            #expect(parameter.dtype == .bfloat16 && master.dtype == .float32)
            #expect(parameter.grad?.dtype == .float32)
            #expect(
                parameter.array(as: Float.self) == master.to(.bfloat16).array(as: Float.self))
        }
        #expect(optimizer.stepCount == 151)
        optimizer.learningRate = 0.5
        #expect((optimizer.optimizer as? Adam)?.learningRate == 0.5)
        optimizer.zeroGrad(setToNil: false)
        #expect(net.parameters().allSatisfy { $0.grad?.abs().sum().item() == Float(0) })
        optimizer.zeroGrad()
        #expect(net.parameters().allSatisfy { $0.grad == nil })
    }

    @Test("wide parameters are optimised as they are")
    func wide() {
        let (a, b) = (network(), network())
        let wrapped = MasterWeights(a.parameters()) { Adam($0, learningRate: 0.01) }
        _ = step(a, wrapped, 5)
        _ = step(b, Adam(b.parameters(), learningRate: 0.01), 5)
        for (p, q) in zip(a.parameters(), b.parameters()) {
            #expect(p.array(as: Float.self) == q.array(as: Float.self))
        }
    }

    @Test(
        "a resumed run goes on bit for bit, whichever state is loaded first",
        arguments: [true, false])
    func resumed(modelFirst: Bool) throws {
        func make(_ net: Sequential) -> MasterWeights {
            MasterWeights(net.parameters()) { AdamW($0, learningRate: 0.01) }
        }
        let whole = network().to(.bfloat16)
        let optimizer = make(whole)
        _ = step(whole, optimizer, 7)
        let model = whole.stateDict().mapValues { $0.clone() }
        let state = optimizer.stateDict().mapValues { $0.clone() }
        _ = step(whole, optimizer, 5)
        let again = network().to(.bfloat16)
        let other = make(again)
        if modelFirst { try again.loadStateDict(model) }
        try other.loadStateDict(state)
        if !modelFirst { try again.loadStateDict(model) }
        _ = step(again, other, 5)
        for (p, q) in zip(other.masters, optimizer.masters) {
            #expect(p.array(as: Float.self) == q.array(as: Float.self))
        }
        #expect(throws: OptimizerStateError.self) {
            try other.loadStateDict(state.filter { $0.key != "master.0" })
        }
    }

    @Test("what is written to a parameter is taken over, and what is put back is not lost")
    func writes() {
        let w = Parameter(Tensor([1.0, 2.0], dtype: .bfloat16))
        let optimizer = MasterWeights([w]) { SGD($0, learningRate: 1e-4) }
        let average = ExponentialMovingAverage([w], decay: 0)
        func step() {
            optimizer.zeroGrad()
            w.sum().backward()
            optimizer.step()
        }
        step()
        let before = optimizer.masters[0].array(as: Float.self)
        // Averages come and go: their rounding does not reach the masters.
        average.update()
        average.withAverages {}
        noGrad { w[1] = Tensor(5.0) }
        step()
        let after = optimizer.masters[0].array(as: Float.self)
        #expect(after == [before[0] - 1e-4, 5 - 1e-4])
    }
}
