import AdjointTesting
import Testing

@testable import AdjointCore

@Suite struct AnomalyTests {
    @Test("Forward: the first operator that makes a NaN of finite operands is named, with its line")
    func forwardNaN() {
        var line = 0
        let error = tensorError {
            detectAnomaly {
                let x = Tensor([-1.0, 4.0])
                let y = x.sqrt()
                line = #line - 1
                _ = (y + 1).exp()
            }
        }
        #expect(error?.kind == .anomaly)
        #expect(error?.operation == "sqrt")
        #expect(error?.message.contains("forward computation made nan") == true)
        #expect(error?.message.contains("AnomalyTests.swift:\(line)") == true, "\(error!)")
        #expect(error?.message.contains("float32 of shape [2], from -1.0 to 4.0") == true)
    }

    @Test("Infinity counts as much as NaN")
    func forwardInfinity() {
        let error = tensorError { detectAnomaly { _ = Tensor([1.0, 0.0]).log() } }
        #expect(error?.operation == "log")
        #expect(error?.message.contains("made inf of finite operands") == true)
        let float16 = tensorError {
            detectAnomaly { _ = Tensor([60000.0], dtype: .float16) * 2 }
        }
        #expect(float16?.message.contains("65504") == true)
    }

    @Test("Backward: the node, the ranges, the forward line and the backward line are named")
    func backwardInfinity() {
        var forward = 0
        var backward = 0
        let x = Tensor([0.0, 4.0], requiresGrad: true)
        let error = tensorError {
            detectAnomaly {
                let y = x.sqrt()
                forward = #line - 1
                let loss = y.sum()
                loss.backward()
                backward = #line - 1
            }
        }
        #expect(error?.kind == .anomaly)
        #expect(error?.operation == "sqrt")
        let message = error?.message ?? ""
        #expect(message.contains("SqrtBackward returned inf values"))
        #expect(message.contains("forward call is at AnomalyTests.swift:\(forward)"), "\(message)")
        #expect(message.contains("backward was called at AnomalyTests.swift:\(backward)"))
        #expect(message.contains("Saved output 0: float32 of shape [2], from 0.0 to 2.0"))
        #expect(x.grad == nil)
    }

    @Test("0 · ∞ gets the hint that a product with 0 switches nothing off")
    func zeroTimesInfinity() {
        let x = Tensor([0.0, 4.0], requiresGrad: true)
        let error = tensorError { detectAnomaly { (x.sqrt() * 0).sum().backward() } }
        #expect(error?.message.contains("returned nan values") == true, "\(error!)")
        #expect(error?.message.contains("safe branch") == true)
    }

    @Test("A branch that where switched off is no anomaly")
    func switchedOff() {
        let x = Tensor([0.0, 4.0], requiresGrad: true)
        let error = tensorError {
            detectAnomaly { Tensor.where(x .> 0, x.sqrt(), 0).sum().backward() }
        }
        #expect(error == nil)
        #expect(values(x.grad) == [0, 0.25])
    }

    @Test("Infinities that the program names are meant")
    func deliberate() {
        let error = tensorError {
            detectAnomaly {
                let x = Tensor([1.0, 2.0], requiresGrad: true)
                let masked = x.maskedFill(Tensor([true, false]), -Double.infinity)
                masked.softmax(dim: 0).sum().backward()
                _ = Tensor.full([2], Double.infinity)
                _ = Tensor.zeros(2).fill_(-Double.infinity)
            }
        }
        #expect(error == nil)
    }

    @Test("A NaN that came in is nobody's fault")
    func inherited() {
        let error = tensorError { detectAnomaly { _ = Tensor([Double.nan]).exp() * 2 } }
        #expect(error == nil)
    }

    @Test("A gradient that is not finite when backward is given it is named so")
    func badRoot() {
        let x = Tensor([1.0], requiresGrad: true)
        let error = tensorError {
            detectAnomaly { (x * 2).backward(gradient: Tensor([Float.nan])) }
        }
        #expect(error?.kind == .anomaly)
        #expect(error?.message.contains("gradient 0 that backward was given") == true)
    }

    @Test("A sum of gradients that overflows is found where it arrives")
    func overflowOfSum() {
        let x = Tensor([1.0], dtype: .float16, requiresGrad: true)
        let error = tensorError {
            detectAnomaly {
                let y = x * 1
                (y * 60000 + y * 60000).backward(gradient: Tensor([1.0], dtype: .float16))
            }
        }
        #expect(error?.kind == .anomaly)
    }

    @Test("An in-place anomaly leaves its target as it was")
    func inPlace() {
        let x = Tensor([-1.0, 4.0])
        let error = tensorError { detectAnomaly { _ = x.pow_(0.5) } }
        #expect(error?.operation == "pow_" || error?.operation == "pow")
        #expect(values(x) == [-1, 4])
    }

    @Test("Second derivatives name the node whose derivative made the guilty one")
    func secondOrder() {
        let x = Tensor([0.0], requiresGrad: true)
        let error = tensorError {
            detectAnomaly {
                let y = (x * x.abs()).pow(1.25).sum()
                let g = grad(of: y, wrt: x, createGraph: true)
                g.sum().backward()
            }
        }
        #expect(error?.kind == .anomaly)
        #expect(
            error?.message.contains("The node was made by the derivative of") == true, "\(error!)")
    }

    @Test("Outside catchingTensorErrors the process ends with the message")
    func traps() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            detectAnomaly { _ = Tensor([-1.0]).sqrt() }
        }
        let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(text.contains("sqrt: the forward computation made nan"), "\(text)")
    }

    @Test("The asynchronous form follows the task")
    func asynchronous() async {
        do {
            try await catchingTensorErrors {
                await detectAnomaly {
                    await Task.yield()
                    _ = Tensor([0.0]).reciprocal()
                }
            }
            Issue.record("nothing was thrown")
        } catch {
            #expect((error as? TensorError)?.operation == "reciprocal")
        }
    }

    @Test("The value and the errors of the body pass through")
    func passesThrough() throws {
        struct Other: Error {}
        #expect(detectAnomaly { 3 } == 3)
        #expect(throws: Other.self) { try detectAnomaly { throw Other() } }
    }

    @Test("Tangents are checked as one result, not step by step")
    func forwardMode() {
        let error = tensorError {
            detectAnomaly {
                _ = jvp({ $0.sqrt() }, Tensor([0.0]), Tensor([1.0]))
            }
        }
        #expect(error?.operation == "sqrt")
        #expect(error?.message.contains("forward derivative") == true)
    }

    @Test("A custom function that makes a NaN by itself is named, forward and backward")
    func customFunction() {
        struct Bad: Function {
            let isForward: Bool
            func forward(_ context: FunctionContext, _ inputs: [Tensor]) -> [Tensor] {
                [isForward ? Tensor([Double.nan]) : inputs[0] * 1]
            }
            func backward(_ context: FunctionContext, _ gradOutputs: [Tensor?]) -> [Tensor?] {
                [Tensor([Double.nan])]
            }
        }
        let x = leaf([1])
        let forward = tensorError { detectAnomaly { _ = Bad(isForward: true).apply(x) } }
        #expect(forward?.kind == .anomaly && forward?.operation == "Bad")
        let backward = tensorError { detectAnomaly { Bad(isForward: false).apply(x).backward() } }
        #expect(backward?.message.contains("BadBackward returned nan values") == true)
    }
}
