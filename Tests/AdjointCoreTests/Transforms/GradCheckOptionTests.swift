import Testing

@testable import AdjointCore

/// What `gradcheck` looks at besides the entries of the Jacobian, and its fast mode.
@Suite struct GradCheckOptionTests {
    private let x = leaf([0.5, -1, 2])

    /// x² with a rule that the test names.
    private struct Square: Function {
        enum Fault: Sendable { case none, push, factor }
        let fault: Fault
        func forward(_ context: FunctionContext, _ inputs: [Tensor]) -> [Tensor] {
            context.saveForBackward(inputs[0])
            return [inputs[0] * inputs[0]]
        }
        func backward(_ context: FunctionContext, _ gradOutputs: [Tensor?]) -> [Tensor?] {
            [gradOutputs[0]! * (fault == .factor ? 3 : 2) * context.savedTensors[0]]
        }
        func jvp(_ context: FunctionContext, _ tangents: [Tensor?]) -> [Tensor?] {
            [tangents[0]! * (fault == .push ? 3 : 2) * context.savedTensors[0]]
        }
    }

    @Test("Forward mode, batches of cotangents and the fast mode pass for a sound rule")
    func soundRulesPassEverything() {
        for isFast in [false, true] {
            #expect(
                gradcheck(
                    { Square(fault: .none).apply($0) }, [x], checkBatchedGrad: true,
                    checkForwardAd: true, fastMode: isFast))
            #expect(gradgradcheck({ $0.exp() * $0 }, [x], fastMode: isFast))
        }
        #expect(gradgradcheck({ $0.sin() }, [x], genNonContigGradOutputs: true))
        #expect(values(x) == [0.5, -1, 2] && x.version == 0)
    }

    @Test("A wrong push is found by checkForwardAd alone")
    func aWrongPushIsFound() {
        let f = { (x: Tensor) in Square(fault: .push).apply(x) }
        #expect(gradcheck(f, [x]))
        expectError(.autograd, "forward mode", "input 0") {
            gradcheck(f, [x], checkForwardAd: true)
        }
        expectError(.autograd, "forward mode") {
            gradcheck(f, [x], checkForwardAd: true, fastMode: true)
        }
    }

    @Test("The fast mode explains a mismatch by the worst entry of both Jacobians")
    func theFastModeExplains() {
        let f = { (x: Tensor) in Square(fault: .factor).apply(x) }
        expectError(.autograd, "random projection", "output[2] by input[2]", "numerical", "6.0") {
            gradcheck(f, [x], fastMode: true)
        }
        expectError(.autograd, "Rows are outputs") { gradcheck(f, [x]) }
        #expect(!gradcheck(f, [x], raiseException: false, fastMode: true))
    }

    /// Doubles and squares; where the gradient of the square is missing and the other is zero, it
    /// gives what it should not.
    private struct Pair: Function {
        let isFaulty: Bool
        func forward(_ context: FunctionContext, _ inputs: [Tensor]) -> [Tensor] {
            context.saveForBackward(inputs[0])
            context.setMaterializeGrads(false)
            return [inputs[0] * 2, inputs[0] * inputs[0]]
        }
        func backward(_ context: FunctionContext, _ gradOutputs: [Tensor?]) -> [Tensor?] {
            let x = context.savedTensors[0]
            let doubled = gradOutputs[0].map { $0 * 2 }
            let squared = gradOutputs[1].map { $0 * 2 * x }
            guard let doubled else { return [squared] }
            if isFaulty, squared == nil, values(doubled)!.allSatisfy({ $0 == 0 }) { return [x] }
            return [squared.map { $0 + doubled } ?? doubled]
        }
    }

    @Test("Missing gradients of some outputs, or of all, must give none or zeros")
    func undefinedGradientsAreTried() {
        let sound = { (xs: [Tensor]) in Pair(isFaulty: false).apply(xs) }
        #expect(gradcheck(sound, [x]) && gradcheck(sound, [x], fastMode: true))
        let faulty = { (xs: [Tensor]) in Pair(isFaulty: true).apply(xs) }
        expectError(.autograd) { gradcheck(faulty, [x]) }
    }

    @Test("Overlapping memory is named, and eps must be positive")
    func inputsAreRefusedByName() {
        expectError(.argument, "overlapping memory") {
            gradcheck({ $0 * 2 }, [numbers([1]).expand(3).detach().requiresGrad_()])
        }
        expectError(.argument, "eps") { gradcheck({ $0 * 2 }, [x], eps: 0) }
    }

    @Test("nondetTol allows for passes that differ by little")
    func nondeterminismIsTolerated() {
        let calls = Log<Int>()
        let unsteady = { (x: Tensor) in
            customGradient(x) { x in
                (
                    x * 2,
                    { g in
                        calls.add(1)
                        return g * (2 + 1e-9 * Double(calls.all.count))
                    }
                )
            }
        }
        expectError(.autograd, "not reentrant") { gradcheck(unsteady, [x]) }
        #expect(gradcheck(unsteady, [x], nondetTol: 1e-6))
    }

    @Test("A backward pass that ignores its cotangent is said to")
    func ignoredCotangents() {
        let ignoring = { (x: Tensor) in customGradient(x) { x in (x * 2, { _ in numbers([2]) }) } }
        expectError(.autograd, "backward not multiplied by grad_output") {
            gradcheck(ignoring, [leaf([1])])
        }
    }
}
