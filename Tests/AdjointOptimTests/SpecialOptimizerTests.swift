import Adjoint
import AdjointTesting
import Testing

/// What is special to LBFGS and Muon.
@Suite struct SpecialOptimizerTests {
    private func message(_ body: () -> Void) -> String { tensorError(body)?.description ?? "" }

    /// Rosenbrock's valley, which plain descent takes thousands of steps through.
    @Test("LBFGS finds the floor of a bent valley in a few steps")
    func valley() {
        let w = Parameter(Tensor([-1.5, 2.0], dtype: .float64))
        let optimizer = LBFGS([w], maxIter: 50, lineSearch: .strongWolfe)
        var calls = 0
        for _ in 0..<2 {
            optimizer.step {
                calls += 1
                optimizer.zeroGrad()
                let loss = (1 - w[0]) ** 2 + 100 * (w[1] - w[0] ** 2) ** 2
                loss.backward()
                return loss
            }
        }
        let place = w.array(as: Double.self)
        #expect(place.allSatisfy { abs($0 - 1) < 1e-5 } && calls < 120, "\(place) \(calls)")
        let counted = optimizer.stateDict()["state.0.func_evals"]?.item(as: Int.self)
        #expect(counted == calls)
    }

    @Test("LBFGS takes several parameters as one vector, and those without a gradient as they are")
    func severalParameters() {
        let parts = [
            Parameter(Tensor([[3.0]])), Parameter(Tensor([4.0])), Parameter(Tensor([5.0])),
        ]
        let optimizer = LBFGS(parts, maxIter: 20)
        optimizer.step {
            optimizer.zeroGrad()
            let loss = (parts[0] ** 2).sum() + (parts[1] - 1) ** 2
            loss.sum().backward()
            return loss.sum()
        }
        let places = parts.map { $0.item(as: Float.self) }
        #expect(abs(places[0]) < 1e-4 && abs(places[1] - 1) < 1e-4 && places[2] == 5)
    }

    @Test("LBFGS says what it needs")
    func refusals() {
        let w = Parameter(Tensor([1.0]))
        #expect(message { LBFGS([w]).step() }.contains("LBFGS needs a closure"))
        #expect(message { _ = LBFGS([w], maxIter: 0) }.contains("at least 1"))
        #expect(message { LBFGS([w]).addGroup(.init([w], .init())) }.contains("groups"))
    }

    @Test("a closure that fails ends the step, and nothing has moved")
    func failingClosure() {
        let w = Parameter(Tensor([1.0, 2.0]))
        let optimizer = LBFGS([w], maxIter: 5, lineSearch: .strongWolfe)
        var calls = 0
        let text = message {
            optimizer.step {
                calls += 1
                optimizer.zeroGrad()
                let loss = calls < 3 ? (w ** 4).sum() : w.matmul(Tensor([1.0, 2.0, 3.0]))
                loss.backward()
                return loss
            }
        }
        #expect(!text.isEmpty && calls == 3)
        #expect(optimizer.stateDict()["state.0.step"] == nil)
    }

    @Test("Muon moves all directions of a matrix by one length")
    func orthogonal() throws {
        for shape in [[4, 6], [6, 4]] {
            let w = Parameter(Tensor.zeros(shape))
            let optimizer = Muon([w], learningRate: 1, weightDecay: 0)
            w.grad = withGenerator(seed: 3) { Tensor.randn(shape) }
            optimizer.step()
            let wide = shape[0] < shape[1] ? w.detach() : w.detach().mT
            let gram = wide.matmul(wide.mT) / Double(max(1, shape[0] / shape[1]))
            let ratio = shape[0] > shape[1] ? 1.5 : 1.0
            // Five rounds bring singular values between 0.7 and 1.2; their squares fill the trace.
            let lengths = (gram / ratio).diagonal().array(as: Float.self)
            #expect(lengths.allSatisfy { $0 > 0.35 && $0 < 1.6 }, "\(lengths)")
        }
        let vector = Parameter(Tensor([1.0]))
        #expect(message { _ = Muon([vector]) }.contains("2D"))
    }
}
