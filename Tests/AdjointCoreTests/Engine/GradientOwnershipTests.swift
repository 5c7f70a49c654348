import Testing

@testable import AdjointCore

/// 2x, which notes where the gradients that it makes lie.
private struct Doubled: LinearOp {
    static let info = OpInfo("doubled", family: .pointwise, formula: "2x", derivative: "2")
    static var samples: [Sample] { [] }
    let made: Log<Int>
    func result(_ inputs: Operands) throws(TensorError) -> TensorSpec { inputs.first.spec }
    func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        try CPU.copy(inputs.first + inputs.first, into: output)
    }
    func transpose(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        let gradient = cotangent + cotangent
        made.add(address(gradient))
        return gradient
    }
}

private func address(_ tensor: Tensor?) -> Int { Int(bitPattern: tensor!.pointer!) }

/// A leaf's first gradient is moved into `grad` where nobody else can see it, and copied where
/// somebody can.
@Suite struct GradientOwnershipTests {
    private let made = Log<Int>()
    private func doubled(_ x: Tensor) -> Tensor { apply(Doubled(made: made), Operands(x)) }
    private func ones(_ shape: [Int] = [2]) -> Tensor { Tensor.ones(shape, dtype: .float64) }

    @Test func aFreshGradientIsMoved() {
        let x = leaf([1, 2])
        doubled(x).sum().backward()
        #expect(values(x.grad) == [2, 2] && made.all == [address(x.grad)])
        let first = address(x.grad)
        doubled(x).sum().backward()
        #expect(values(x.grad) == [4, 4] && address(x.grad) == first)
        let y = leaf([1, 2])
        let found = grad(of: doubled(y).sum(), wrt: y)
        #expect(values(found) == [2, 2] && made.all.last == address(found))
    }

    @Test func oneGradientOfTwoLeavesIsCopied() {
        let (x, y) = (leaf([1, 2]), leaf([3, 4]))
        doubled(x + y).sum().backward()
        #expect(x.grad!.storage !== y.grad!.storage)
        x.grad!.zero_()
        #expect(values(x.grad) == [0, 0] && values(y.grad) == [2, 2])
        let (a, b) = (leaf([1, 2]), leaf([3, 4]))
        let found = grads(of: [doubled(a + b).sum()], wrt: [a, b])
        #expect(found[0]!.storage !== found[1]!.storage)
    }

    @Test func theCallersGradientIsCopied() {
        let x = leaf([1, 2])
        let given = numbers([5, 6])
        x.backward(gradient: given)
        #expect(values(x.grad) == [5, 6] && x.grad!.storage !== given.storage)
        x.grad!.zero_()
        #expect(values(given) == [5, 6])
        let z = leaf([1, 2])
        (z + 0).backward(gradient: given)
        #expect(values(z.grad) == [5, 6] && z.grad!.storage !== given.storage)
        let handed = grads(of: [z + 0], wrt: [z], gradients: [given])
        #expect(handed[0]!.storage !== given.storage)
    }

    @Test func aGradientMayBeAddedToWhatItViews() {
        let x = leaf([1, 2, 3, 4], [2, 2])
        x.backward(gradient: numbers([1, 2, 3, 4], [2, 2]))
        x.backward(gradient: x.grad!.t())
        #expect(values(x.grad) == [2, 5, 5, 8])
        x.backward(gradient: x.grad!)
        #expect(values(x.grad) == [4, 10, 10, 16])
    }

    @Test func whatAHookKeepsIsCopied() {
        let x = leaf([1, 2])
        let kept = Log<Tensor>()
        x.registerHook {
            kept.add($0)
            return nil
        }
        doubled(x).sum().backward()
        #expect(kept.all[0].storage !== x.grad!.storage)
        x.grad!.zero_()
        #expect(values(kept.all[0]) == [2, 2])
    }

    @Test func whatAHookReturnsAndKeepsIsCopied() {
        let x = leaf([1, 2])
        let returned = numbers([7, 8])
        x.registerHook { _ in returned }
        doubled(x).sum().backward()
        #expect(values(x.grad) == [7, 8] && x.grad!.storage !== returned.storage)
    }

    @Test func aRetainedGradientIsAnother() {
        let x = leaf([1, 2])
        let y = x + 0
        y.retainGrad()
        doubled(y).sum().backward()
        #expect(values(y.grad) == [2, 2] && values(x.grad) == [2, 2])
        #expect(y.grad!.storage !== x.grad!.storage)
    }

    @Test func aCapturedGradientThatGoesOnIsCopied() {
        let x = leaf([1, 2])
        let y = x + 0
        let found = grads(of: [doubled(y).sum()], wrt: [x, y])
        #expect(values(found[0]) == [2, 2] && values(found[1]) == [2, 2])
        #expect(found[0]!.storage !== found[1]!.storage)
    }

    @Test func viewsAndStretchedGradientsBecomeDense() {
        let x = leaf([1, 2, 3, 4, 5, 6], [2, 3])
        x.sum().backward()
        #expect(x.grad!.isContiguous && values(x.grad) == [1, 1, 1, 1, 1, 1])
        x.grad![0, 0].fill_(9)
        #expect(values(x.grad) == [9, 1, 1, 1, 1, 1])
        let y = leaf([1, 2, 3, 4, 5, 6], [2, 3])
        doubled(y.t()).sum().backward()
        #expect(y.grad!.isContiguous && !y.grad!.isView && values(y.grad) == [2, 2, 2, 2, 2, 2])
    }

    @Test func aRecordedGradientKeepsItsHistory() {
        let x = leaf([1, 2])
        (x ** 3).sum().backward(createGraph: true)
        #expect(values(x.grad) == [3, 12] && x.grad!.requiresGrad)
        let slope = grad(of: x.grad!.sum(), wrt: x)
        #expect(values(slope) == [6, 12])
        // exp keeps its result, which is the gradient itself.
        let y = leaf([0])
        y.exp().sum().backward(createGraph: true)
        let first = grad(of: y.grad!.sum(), wrt: y, retainGraph: true)
        #expect(values(first) == [1])
    }

    @Test func aLeafOfAnotherTypeOfGradientGetsThatType() {
        let x = leaf([1, 2])
        x.gradDType = .float32
        doubled(x).sum().backward()
        #expect(x.grad!.dtype == .float32 && values(x.grad) == [2, 2])
        doubled(x).sum().backward()
        #expect(x.grad!.dtype == .float32 && values(x.grad) == [4, 4])
    }
}
