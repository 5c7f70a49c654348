import Testing

@testable import AdjointCore

/// What stands between the brackets: which elements it names, view or copy, and how it is written.
@Suite struct SubscriptTests {
    private let a = Tensor.arange(24).reshape(2, 3, 4)

    @Test func termsNameTheElementsThatTheyNameInPyTorch() {
        #expect(a[1].shape == [3, 4])
        #expect(a[-1, 0, -1].item() == 15)
        #expect(values(a[..., 1]) == [1, 5, 9, 13, 17, 21])
        #expect(values(a[0, 1..., 0..<1]) == [4, 8])
        #expect(values(a[0, 0, 1...2]) == [1, 2])
        #expect(values(a[0, 0, -3 ... -1]) == [1, 2, 3])
        #expect(values(a[0, 0, ..<2]) == [0, 1])
        #expect(values(a[0, 0, .slice(1, -1)]) == [1, 2])
        #expect(values(a[0, 0, .slice(step: 3)]) == [0, 3])
        #expect(values(a[0, stride(from: 0, to: 3, by: 2), 0]) == [0, 8])
        #expect(values(a[0, 0, stride(from: 1, through: -1, by: 2)]) == [1, 3])
        #expect(a[.all, .newAxis].shape == [2, 1, 3, 4])
        #expect(a[0, .ellipsis, 0].shape == [3])
        #expect(a[...].shape == a.shape)
        #expect(a[0, 5...].shape == [0, 4])
    }

    @Test func tensorsPickAndMasksSelect() {
        #expect(a[Tensor([1, 0])].shape == [2, 3, 4])
        #expect(values(a[Tensor([0, 1]), Tensor([2, -1]), Tensor([3])]) == [11, 23])
        #expect(a[Tensor([[0], [1]]), Tensor([0, 2])].shape == [2, 2, 4])
        #expect(a[.all, [2, 0, 1, 0]].shape == [2, 4, 4])
        // Neighbours stay in place, others come first.
        #expect(a[.all, [0, 1], [0, 1]].shape == [2, 2])
        #expect(a[[0, 1], .all, [0, 1]].shape == [2, 3])
        #expect(values(a[a .> 20]) == [21, 22, 23])
        #expect(a[Tensor([true, false])].shape == [1, 3, 4])
        #expect(a[.all, Tensor([true, false, true])].shape == [2, 2, 4])
        #expect(a[Tensor(1)].isView && a[Tensor(1)].shape == [3, 4])
        #expect(a[Tensor(true)].shape == [1, 2, 3, 4])
    }

    @Test func viewsShareMemoryAndCopiesDoNot() {
        let b = numbers([1, 2, 3, 4], [2, 2])
        #expect(b[0].isView && b[.all, 1...].isView && b[...].isView)
        #expect(!b[[0]].isView && !b[b .> 1].isView)
        b[0].add_(10)
        b[[1]].add_(10)
        #expect(values(b) == [11, 12, 3, 4])
    }

    @Test func settersWriteInPlaceAndBroadcast() {
        let b = numbers([0, 0, 0, 0, 0, 0], [2, 3])
        b[0] = numbers([1, 2, 3])
        b[1, ...] = numbers([4])
        b[..., 2] = numbers([7, 8], [1, 2])
        #expect(values(b) == [1, 2, 7, 4, 4, 8])
        b[b .> 6] = Tensor(0)
        b[[1, 0], [0, 1]] = numbers([-1, -2])
        #expect(values(b) == [1, -2, 0, -1, 4, 0])
        b[0] += 1
        #expect(values(b[0]) == [2, -1, 1])
        b.transpose(0, 1)[[0], [1]] = numbers([9])
        b.transpose(0, 1)[[2]] = numbers([5, 6])
        #expect(values(b) == [2, -1, 5, 9, 4, 6])
    }

    @Test func gradientsFlowThroughReadsAndWrites() {
        let (x, w) = (leaf([1, 2, 3]), leaf([5]))
        (x[[0, 0, 2]] * numbers([1, 10, 100])).sum().backward()
        #expect(values(x.grad) == [11, 0, 100])
        x.grad = nil
        let y = x * 2
        y[x .> 1] = w
        y.sum().backward()
        #expect(values(x.grad) == [2, 0, 0])
        #expect(values(w.grad) == [2])
    }

    @Test func repeatedPlacesAddWhereAsked() {
        let b = numbers([0, 0, 0])
        b.indexPut_([Tensor([0, 0, 2])], numbers([1, 2, 3]), accumulate: true)
        #expect(values(b) == [3, 0, 3])
        #expect(values(b.indexPut([Tensor([1, 1])], numbers([4, 5]))) == [3, 5, 3])
    }

    @Test func mistakesAreTyped() {
        expectError(.index, "out of range", "size 2") { _ = a[2] }
        expectError(.index, "out of bounds", "size 4") { _ = a[0, 0, -5] }
        expectError(.index, "out of bounds") { _ = a[Tensor([0, 2])] }
        expectError(.index, "out of bounds") { a[[0, 9]] = Tensor(1) }
        expectError(.index, "too many indices") { _ = a[0, 0, 0, 0] }
        expectError(.index, "one ellipsis") { _ = a[..., .ellipsis] }
        expectError(.shape, "mask") { _ = a[Tensor([true])] }
        expectError(.shape, "broadcast") { _ = a[Tensor([0, 1]), Tensor([0, 1, 2])] }
        expectError(.shape) { a[0] = Tensor([1, 2]) }
        expectError(.dtype, "integers or booleans") { _ = a[Tensor([0.5])] }
        expectError(.argument, "step") { _ = a[.slice(step: -1)] }
        expectError(.inPlace, "leaf") { leaf([1, 2])[0] = numbers([3]) }
        #expect(values(a[0, 0]) == [0, 1, 2, 3])
    }
}
