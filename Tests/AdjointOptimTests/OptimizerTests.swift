import Adjoint
import AdjointTesting
import Testing

@testable import AdjointOptim

@Suite struct OptimizerTests {
    private func message(_ body: () -> Void) -> String { tensorError(body)?.description ?? "" }

    @Test func whatCannotBeOptimisedIsRefused() {
        let leaf = Parameter(Tensor([1.0]))
        #expect(message { _ = SGD([]) }.contains("optimizer got an empty parameter list"))
        #expect(message { _ = Adam([leaf * 2]) }.contains("can't optimize a non-leaf Tensor"))
        #expect(message { _ = Adam([leaf], learningRate: -1) }.contains("learningRate"))
        #expect(message { _ = Adam([leaf], betas: (1, 0.9)) }.contains("betas"))
        #expect(message { _ = SGD([leaf], nesterov: true) }.contains("Nesterov"))
    }

    @Test func onlyGradientsThatAreThereCount() {
        let (a, b) = (Parameter(Tensor([1.0])), Parameter(Tensor([1.0])))
        let optimizer = SGD([a, b], learningRate: 0.1, weightDecay: 1)
        a.grad = Tensor([0.0])
        let versions = (a.version, b.version)
        optimizer.step()
        #expect(a.item() == Float(0.9) && b.item() == Float(1))
        #expect(a.version == versions.0 + 1 && b.version == versions.1)
        #expect(a.requiresGrad && a.isLeaf)
        optimizer.zeroGrad(setToNil: false)
        #expect(a.grad?.item() == Float(0) && b.grad == nil)
        optimizer.zeroGrad()
        #expect(a.grad == nil)
    }

    @Test func aStepBreaksWhatSavedTheParameter() {
        let w = Parameter(Tensor([2.0]))
        let optimizer = SGD([w], learningRate: 0.1)
        let text = message {
            let y = (w * w).sum()
            y.backward(retainGraph: true)
            optimizer.step()
            y.backward()
        }
        #expect(text.contains("modified by an inplace operation"))
    }

    @Test func closuresRecordInsideNoGrad() {
        let w = Parameter(Tensor([2.0]))
        let optimizer = SGD([w], learningRate: 0.1)
        let loss = noGrad {
            optimizer.step {
                let loss = (w * w).sum()
                loss.backward()
                return loss
            }
        }
        #expect(loss.item() == Float(4) && abs(w.item(as: Float.self) - 1.6) < 1e-6)
    }

    /// After a failure inside `catchingTensorErrors` nothing moves, memories included.
    @Test func aFailedScopeStepsNowhere() throws {
        let w = Parameter(Tensor([1.0]))
        let optimizer = Adam([w], learningRate: 0.1)
        w.grad = Tensor([1.0])
        #expect(throws: TensorError.self) {
            try catchingTensorErrors {
                _ = w + Tensor([1.0, 2.0]).matmul(Tensor([1.0, 2.0, 3.0]))
                optimizer.step()
            }
        }
        #expect(w.item() == Float(1) && optimizer.stateDict()["state.0.step"] == nil)
        optimizer.step()
        #expect(abs(w.item(as: Float.self) - 0.9) < 1e-6)
    }

    @Test func memoriesFollowAConversion() throws {
        let layer = Linear(2, 1)
        let optimizer = Adam(layer.parameters(), learningRate: 0.1)
        for dtype in [DType.float32, .float64, .float32] {
            layer.to(dtype)
            optimizer.zeroGrad()
            layer(Tensor.ones([1, 2], dtype: dtype)).sum().backward()
            optimizer.step()
            #expect(optimizer.stateDict()["state.0.exp_avg"]?.dtype == dtype)
        }
        #expect(optimizer.stateDict()["state.0.step"]?.item() == 3)
    }

    @Test func halfWidthParametersKeepFloat32Memories() {
        let w = Parameter(Tensor([1.0], dtype: .bfloat16))
        let optimizer = Adam([w], learningRate: 0.5)
        w.grad = Tensor([3.0], dtype: .bfloat16)
        optimizer.step()
        #expect(w.dtype == .bfloat16 && w.item(as: Float.self) == 0.5)
        #expect(optimizer.stateDict()["state.0.exp_avg"]?.dtype == .float32)
    }

    @Test func stridedParametersAndGradients() throws {
        let w = Parameter(Tensor([[1.0, 2.0], [3.0, 4.0]]).t())
        w.grad = Tensor([[1.0, 2.0], [3.0, 4.0]]).t().clone()
        SGD([w], learningRate: 1).step()
        try expectClose(w, Tensor.zeros(2, 2))
    }

    @Test func whatAGroupNamesTwiceIsKeptOnceWithAWarning() {
        let leaf = Parameter(Tensor([1.0]))
        leaf.grad = Tensor([1.0])
        let warnings = collectingWarnings {
            SGD([leaf, leaf], learningRate: 0.25).step()
        }.warnings
        #expect(leaf.item() == Float(0.75))
        #expect(warnings.map { $0.contains("duplicate parameters") } == [true])
        let groups = [leaf, leaf].map { ParameterGroup([$0], SGD.Options()) }
        #expect(message { _ = SGD(groups: groups) }.contains("more than one parameter group"))
    }

    @Test func aStateThatDoesNotFitChangesNothing() throws {
        let w = Parameter(Tensor([1.0, 2.0]))
        let optimizer = Adam([w], learningRate: 0.1)
        w.grad = Tensor([1.0, 1.0])
        optimizer.step()
        let state = optimizer.stateDict().mapValues { $0.clone() }
        for (name, tensor) in [
            ("state.0.exp_avg", Tensor.zeros(3)), ("state.1.step", Tensor(1)),
            ("weights", Tensor(1)), ("state.0.velocity", Tensor.zeros(2)),
        ] {
            var wrong = state
            wrong["group.0.lr"] = Tensor(5.0)
            wrong[name] = tensor
            #expect(throws: OptimizerStateError.self) { try optimizer.loadStateDict(wrong) }
            #expect(optimizer.learningRate == 0.1)
        }
    }
}
