import AdjointTesting
import Testing

@testable import AdjointCore

private struct Square: Function {
    func forward(_ context: FunctionContext, _ inputs: [Tensor]) -> [Tensor] {
        context.saveForBackward(inputs[0])
        return [inputs[0] * inputs[0]]
    }
    func backward(_ context: FunctionContext, _ gradOutputs: [Tensor?]) -> [Tensor?] {
        [gradOutputs[0]! * 2 * context.savedTensors[0]]
    }
    func jvp(_ context: FunctionContext, _ tangents: [Tensor?]) -> [Tensor?] {
        [tangents[0].map { $0 * 2 * context.savedTensors[0] }]
    }
}

private struct ExpByOutput: Function {
    func forward(_ context: FunctionContext, _ inputs: [Tensor]) -> [Tensor] {
        let y = inputs[0].exp()
        context.saveForBackward(y)
        return [y]
    }
    func backward(_ context: FunctionContext, _ gradOutputs: [Tensor?]) -> [Tensor?] {
        [gradOutputs[0]! * context.savedTensors[0]]
    }
}

private struct OnceSquare: Function {
    static var isOnceDifferentiable: Bool { true }
    func forward(_ context: FunctionContext, _ inputs: [Tensor]) -> [Tensor] {
        context.saveForBackward(inputs[0])
        return [inputs[0] * inputs[0]]
    }
    func backward(_ context: FunctionContext, _ gradOutputs: [Tensor?]) -> [Tensor?] {
        [gradOutputs[0]! * 2 * context.savedTensors[0]]
    }
}

/// x³, whose backward pass reads x² as forward left it.
private struct CubeByIntermediate: Function {
    func forward(_ context: FunctionContext, _ inputs: [Tensor]) -> [Tensor] {
        let square = inputs[0] * inputs[0]
        context.saveForBackward(square)
        return [square * inputs[0]]
    }
    func backward(_ context: FunctionContext, _ gradOutputs: [Tensor?]) -> [Tensor?] {
        [gradOutputs[0]! * 3 * context.savedTensors[0]]
    }
}

private struct TwoOutputs: Function {
    let materializes: Bool
    let seen = Log<[Bool]>()
    func forward(_ context: FunctionContext, _ inputs: [Tensor]) -> [Tensor] {
        context.setMaterializeGrads(materializes)
        return [inputs[0] * 2, inputs[0] * 3]
    }
    func backward(_ context: FunctionContext, _ gradOutputs: [Tensor?]) -> [Tensor?] {
        seen.add(gradOutputs.map { $0 != nil })
        var sum: Tensor?
        if let g = gradOutputs[0] { sum = g * 2 }
        if let g = gradOutputs[1] { sum = sum.map { $0 + g * 3 } ?? g * 3 }
        return [sum]
    }
}

private struct Scripted: Function {
    var run: @Sendable (FunctionContext, [Tensor]) -> [Tensor] = { _, x in [x[0] * 2] }
    var pull: @Sendable (FunctionContext, [Tensor?]) -> [Tensor?] = { _, g in [g[0]! * 2] }
    func forward(_ context: FunctionContext, _ inputs: [Tensor]) -> [Tensor] {
        run(context, inputs)
    }
    func backward(_ context: FunctionContext, _ gradOutputs: [Tensor?]) -> [Tensor?] {
        pull(context, gradOutputs)
    }
}

/// Operations with a derivative of the user's own.
@Suite struct FunctionTests {
    @Test func aFunctionHasItsOwnGradientAndName() {
        let x = leaf([3])
        let y = Square().apply(x)
        #expect(values(y) == [9] && y.gradFn?.name == "SquareBackward")
        y.backward()
        #expect(values(x.grad) == [6])
    }

    @Test func aFunctionCanBeDifferentiatedAgain() {
        let x = leaf([3])
        let first = grad(of: Square().apply(x), wrt: x, createGraph: true)
        #expect(values(grad(of: first, wrt: x)) == [2])
        let e = leaf([1])
        let d1 = grad(of: ExpByOutput().apply(e), wrt: e, createGraph: true)
        let d2 = grad(of: d1, wrt: e, createGraph: true)
        #expect(abs(grad(of: d2, wrt: e).item(as: Double.self) - 2.718281828459045) < 1e-12)
    }

    @Test func aFunctionThatIsOnceDifferentiableSaysSoEvenUnderGrad() {
        let x = leaf([3])
        let y = OnceSquare().apply(x)
        let first = grad(of: y + x * x * x, wrt: x, createGraph: true)
        #expect(values(first) == [33])
        expectError(.autograd, "once differentiable") { _ = grad(of: first, wrt: x) }
        let z = OnceSquare().apply(x) * x
        let other = grad(of: z, wrt: x, createGraph: true)
        expectError(.autograd, "once differentiable") { _ = grad(of: other, wrt: x) }
        expectError(.autograd, "twice") { other.backward() }
    }

    @Test func anIntermediateThatWasSavedIsNoSilentConstant() {
        let x = leaf([3])
        #expect(values(grad(of: CubeByIntermediate().apply(x), wrt: x)) == [27])
        let first = grad(of: CubeByIntermediate().apply(x), wrt: x, createGraph: true)
        expectError(.autograd, "neither an input nor an output") { _ = grad(of: first, wrt: x) }
        #expect(!gradgradcheck({ CubeByIntermediate().apply($0) }, [x], raiseException: false))
    }

    @Test func missingGradientsArriveAsZerosOrNil() {
        for materializes in [true, false] {
            let function = TwoOutputs(materializes: materializes)
            let x = leaf([1])
            let outputs: [Tensor] = function.apply([x])
            outputs[0].backward()
            #expect(function.seen.all == [[true, materializes]])
            #expect(values(x.grad) == [2])
        }
    }

    @Test func severalOutputsShareOneNode() {
        let x = leaf([1])
        let outputs: [Tensor] = TwoOutputs(materializes: true).apply([x])
        #expect(outputs[0].gradFn === outputs[1].gradFn)
        #expect(outputs[0].outputNr == 0 && outputs[1].outputNr == 1)
        backward(outputs)
        #expect(values(x.grad) == [5])
    }

    @Test func forwardRunsUnderNoGradAndBackwardAsThePassHasIt() {
        let log = Log<Bool>()
        let function = Scripted(
            run: { _, x in
                log.add(isGradEnabled)
                return [x[0] * 2]
            },
            pull: { _, g in
                log.add(isGradEnabled)
                return [g[0]! * 2]
            })
        let x = leaf([1])
        function.apply(x).backward()
        function.apply(x).backward(createGraph: true)
        #expect(log.all == [false, false, false, true])
    }

    @Test func needsInputGradSaysWhichInputsWantOne() {
        let log = Log<[Bool]>()
        let function = Scripted(run: { context, x in
            log.add(context.needsInputGrad)
            return [x[0] * x[1]]
        })
        _ = function.apply(leaf([1]), numbers([2]))
        #expect(log.all == [[true, false]])
    }

    @Test func tooManyOrTooFewGradientsAreAnError() {
        let x = leaf([1])
        let few = Scripted(run: { _, x in [x[0] * x[1]] }, pull: { _, g in [g[0]] })
        expectError(.argument, "expected 2, got 1") { few.apply(x, x).backward() }
        let many = Scripted(pull: { _, g in [g[0], g[0]] })
        expectError(.argument, "expected 1, got 2") { many.apply(x).backward() }
        let nils = Scripted(pull: { _, g in [g[0], nil] })
        nils.apply(x).backward()
        #expect(values(x.grad) == [1])
    }

    @Test func aGradientOfTheWrongShapeIsAnErrorThatNamesTheFunction() {
        let wrong = Scripted(pull: { _, _ in [numbers([1, 2, 3])] })
        let error = tensorError { wrong.apply(leaf([1, 2])).backward(gradient: numbers([1, 1])) }
        #expect(error?.kind == .shape)
        #expect(
            error?.message.contains("ScriptedBackward returned an invalid gradient at index 0")
                == true)
    }

    @Test func aBroadcastGradientIsSummedAndAnotherDTypeCast() {
        let x = leaf([1, 2], [1, 2], dtype: .float32)
        let function = Scripted(pull: { _, _ in [Tensor.ones(3, 2, dtype: .float64)] })
        function.apply(x).sum().backward()
        #expect(values(x.grad) == [3, 3] && x.grad!.dtype == .float32)
    }

    @Test func nilMeansNoGradientAtAll() {
        let x = leaf([1])
        let log = Log<Int>()
        let y = x * 2
        y.gradFn!.registerHook { inputs, _ in
            log.add(inputs.compactMap { $0 }.count)
            return nil
        }
        Scripted(pull: { _, _ in [nil] }).apply(y).backward()
        #expect(x.grad == nil && log.all.allSatisfy { $0 == 0 })
    }

    @Test func aWriteToASavedTensorIsNoticed() {
        let x = leaf([1])
        let h = x * 1
        let y = Square().apply(h)
        h.add_(1)
        expectError(.inPlace, "modified by an inplace operation") { y.backward() }
    }

    @Test func savedTensorsAreFreedAfterAPass() {
        let x = leaf([1])
        let y = Square().apply(x)
        y.backward()
        expectError(.graphFreed, "second time") { y.backward() }
    }

    @Test func dirtyInputsAreReturnedThemselves() {
        let x = leaf([1, 2])
        let h = x * 1
        let function = Scripted(
            run: { context, x in
                context.markDirty(x[0])
                return [x[0].mul_(3)]
            }, pull: { _, g in [g[0]! * 3] })
        let y = function.apply(h)
        #expect(y === h && h.version == 1 && h.gradFn?.name == "ScriptedBackward")
        y.sum().backward()
        #expect(values(x.grad) == [3, 3])
    }

    @Test func dirtyInputsMustBeReturnedAndBeNoLeaves() {
        let forgets = Scripted(run: { context, x in
            context.markDirty(x[0])
            return [x[0] * 2]
        })
        expectError(.argument, "marked as dirty") { _ = forgets.apply(leaf([1]) * 1) }
        let writes = Scripted(run: { context, x in
            context.markDirty(x[0])
            return [x[0].mul_(2)]
        })
        expectError(.inPlace, "leaf") { _ = writes.apply(leaf([1])) }
    }

    @Test func nonDifferentiableOutputsRequireNoGradients() {
        let function = Scripted(run: { context, x in
            let outputs = [x[0] * 2, x[0] * 3, x[0].to(.int64)]
            context.markNonDifferentiable(outputs[1])
            return outputs
        })
        let outputs: [Tensor] = function.apply([leaf([1])])
        #expect(outputs.map(\.requiresGrad) == [true, false, false])
    }

    @Test func anInputReturnedAsItCameIsAnotherTensor() {
        let x = leaf([1])
        let y = Scripted(run: { _, x in [x[0]] }, pull: { _, g in [g[0]! * 7] }).apply(x)
        #expect(y !== x && x.isLeaf && y.gradFn?.name == "ScriptedBackward")
        y.backward()
        #expect(values(x.grad) == [7])
    }

    @Test func forwardModeUsesJvpAndSaysSoWhereThereIsNone() {
        forwardMode { level in
            let dual = level.makeDual(numbers([3]), tangent: numbers([1]))
            #expect(values(level.unpackDual(Square().apply(dual)).tangent) == [6])
        }
        expectError(.autograd, "implement the jvp function") {
            forwardMode { level in
                _ = Scripted().apply(level.makeDual(numbers([3]), tangent: numbers([1])))
            }
        }
    }

    @Test func forwardModeOverReverseModeOfAFunction() {
        let x = leaf([3])
        forwardMode { level in
            let dual = level.makeDual(x, tangent: numbers([1]))
            let g = grad(of: Square().apply(dual) * dual, wrt: dual, createGraph: true)
            #expect(values(level.unpackDual(g).tangent) == [18])
        }
    }

    @Test func customGradientPairsAValueWithAPullback() {
        let x = leaf([3])
        let y = customGradient(x) { x in (x * x, { g in g * 2 * x }) }
        let first = grad(of: y, wrt: x, createGraph: true)
        #expect(values(first) == [6])
        #expect(values(grad(of: first, wrt: x)) == [2])
    }

    @Test func aFunctionUnderNoGradIsNotRecorded() {
        #expect(!noGrad { Square().apply(leaf([1])) }.requiresGrad)
        #expect(!Square().apply(numbers([1])).requiresGrad)
    }
}
