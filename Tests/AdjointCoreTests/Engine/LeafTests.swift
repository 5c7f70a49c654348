import Testing

@testable import AdjointCore

/// What a tensor says of itself: leaf, history, gradient.
@Suite struct LeafTests {
    @Test func onlyFloatsCanRequireGradients() {
        expectError(.dtype, "only floating-point tensors") {
            _ = Tensor([1, 2], dtype: .int64, requiresGrad: true)
        }
        for dtype in DType.allCases where dtype.isFloatingPoint {
            #expect(Tensor([1.0], dtype: dtype, requiresGrad: true).requiresGrad)
        }
    }

    @Test func aLeafHasNoHistory() {
        let x = leaf([1, 2])
        #expect(x.isLeaf && x.gradFn == nil && x.requiresGrad && x.outputNr == 0)
        let y = x * 2
        #expect(!y.isLeaf && y.requiresGrad && y.gradFn?.name == "MulBackward")
        let constant = numbers([1]) * 2
        #expect(constant.isLeaf && !constant.requiresGrad)
    }

    @Test func aConversionIsRecordedAndToItsOwnDTypeIsTheTensorItself() {
        let x = leaf([1])
        #expect(x.to(.float64) === x)
        let y = x.to(.float32)
        #expect(!y.isLeaf && y.dtype == .float32)
        y.backward()
        #expect(x.grad?.dtype == .float64)
    }

    @Test func comparisonsAndConversionsToIntegersCutTheGraph() {
        let x = leaf([1, -1])
        #expect(!(x .> 0).requiresGrad)
        #expect(!x.to(.int64).requiresGrad)
        #expect(x.floor().requiresGrad)
        x.floor().sum().backward()
        #expect(values(x.grad) == [0, 0])
    }

    @Test func requiresGradCanBeSwitchedOnLeavesAlone() {
        let x = numbers([1])
        x.requiresGrad = true
        #expect(x.requiresGrad)
        #expect(x.requiresGrad_(false) === x && !x.requiresGrad)
        let y = leaf([1]) * 2
        #expect(y.requiresGrad_().requiresGrad)
        expectError(.autograd, "leaf", "detach()") { y.requiresGrad_(false) }
        #expect(y.requiresGrad)
    }

    @Test func gradIsNilUntilBackwardAndOnNonLeavesForEver() {
        let x = leaf([3])
        let y = x * 2
        #expect(x.grad == nil)
        (y * y).sum().backward()
        #expect(values(x.grad) == [24] && y.grad == nil)
    }

    @Test func assigningAGradientChecksShapeDTypeAndIdentity() {
        let x = leaf([1, 2])
        expectError(.shape, "[2]", "[3]") { x.grad = numbers([1, 2, 3]) }
        expectError(.dtype, "float32") { x.grad = Tensor([1.0, 2.0], dtype: .float32) }
        expectError(.device) { x.grad = numbers([1, 2]).to(.meta) }
        expectError(.argument, "its own grad") { x.grad = x }
        #expect(x.grad == nil)
        x.grad = numbers([5, 6])
        x.sum().backward()
        #expect(values(x.grad) == [6, 7])
        x.grad = nil
        #expect(x.grad == nil)
    }

    @Test func detachSharesMemoryAndVersionAndDropsHistory() {
        let x = leaf([1, 2])
        let d = (x * 1).detach()
        #expect(d.isLeaf && !d.requiresGrad && !d.isView)
        let y = x.exp()
        #expect(y.detach().version == y.version)
        y.detach().add_(1)
        #expect(y.version == 1 && y.detach().version == 1)
        expectError(.inPlace, "modified by an inplace operation") { y.sum().backward() }
    }

    @Test func detachInPlaceCutsAndIsRefusedOnViews() {
        let x = leaf([1, 2])
        let y = x * 2
        #expect(y.detach_() === y && y.isLeaf && !y.requiresGrad)
        expectError(.inPlace, "detach()") { x.clone()[0].detach_() }
    }

    @Test func retainGradKeepsTheGradientOfANonLeaf() {
        let x = leaf([2])
        let y = x * x
        #expect(!y.retainsGrad)
        y.retainGrad()
        #expect(y.retainsGrad)
        (y * 3).sum().backward()
        #expect(values(y.grad) == [3] && values(x.grad) == [12])
    }

    @Test func retainGradIsNothingOnLeavesAndAnErrorOnConstants() {
        let x = leaf([2])
        x.retainGrad()
        #expect(!x.retainsGrad)
        expectError(.autograd, "retainGrad") { numbers([1]).retainGrad() }
    }

    @Test func retainedGradientsAccumulateAndAddToAnAssignedOne() {
        let x = leaf([2])
        let y = x * 3
        y.retainGrad()
        let z = y.sum()
        z.backward(retainGraph: true)
        #expect(values(y.grad) == [1])
        z.backward(retainGraph: true)
        #expect(values(y.grad) == [2])
        y.grad = numbers([7])
        z.backward(retainGraph: true)
        #expect(values(y.grad) == [8])
    }

    @Test func retainedGradientsAreFilledByGradsToo() {
        let x = leaf([2])
        let y = x * 3
        y.retainGrad()
        _ = grad(of: y.sum(), wrt: x)
        #expect(values(y.grad) == [1])
        #expect(x.grad == nil)
    }

    @Test func itemIsAConstantOfTheGraph() {
        let x = leaf([3])
        (x * x.item(as: Double.self)).sum().backward()
        #expect(values(x.grad) == [3])
    }

    @Test func memoryOfATensorWithGradientsIsReadThroughDetach() {
        let x = leaf([3])
        expectError(.autograd, "detach()") { x.withUnsafeBuffer(of: Double.self) { _ in } }
        #expect(x.detach().withUnsafeBuffer(of: Double.self) { $0[0] } == 3)
    }

    @Test func nextFunctionsEndInAccumulateGrad() {
        let x = leaf([1])
        let y = x.exp() * numbers([2])
        let node = y.gradFn!
        #expect(node.nextFunctions.count == 2)
        #expect(node.nextFunctions[0].node?.name == "ExpBackward")
        #expect(node.nextFunctions[1].node == nil)
        let leaves = node.nextFunctions[0].node!.nextFunctions
        #expect(leaves[0].node?.name == "AccumulateGrad" && leaves[0].index == 0)
    }

    @Test func switchingALeafOffAfterTheForwardPassLosesNoOtherGradient() {
        let (x, w) = (leaf([2]), leaf([3]))
        let y = (x * w * 2).sum()
        x.requiresGrad = false
        y.backward()
        #expect(values(w.grad) == [4])
    }
}
