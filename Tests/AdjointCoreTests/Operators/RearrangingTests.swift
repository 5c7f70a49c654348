import Testing

@testable import AdjointCore

/// Stacking, cutting, repeating, turning, padding: where the elements go.
@Suite struct RearrangingTests {
    private let a = Tensor.arange(6).reshape(2, 3)

    @Test func stackingFollowsTheRank() {
        let (v, w) = (Tensor([1, 2]), Tensor([3, 4]))
        #expect(values(Tensor.hstack([v, w])) == [1, 2, 3, 4])
        #expect(values(Tensor.vstack([v, w])) == [1, 2, 3, 4])
        #expect(Tensor.vstack([v, w]).shape == [2, 2])
        #expect(Tensor.dstack([v, w]).shape == [1, 2, 2])
        #expect(values(Tensor.columnStack([v, w])) == [1, 3, 2, 4])
        #expect(Tensor.columnStack([a, Tensor([7, 8])]).shape == [2, 4])
        #expect(Tensor.hstack([a, a]).shape == [2, 6])
        #expect(Tensor(1).atleast3d().shape == [1, 1, 1])
        #expect(v.atleast3d().shape == [1, 2, 1])
        #expect(a.atleast3d().shape == [2, 3, 1])
        expectError(.argument) { _ = Tensor.hstack([]) }
        expectError(.shape) { _ = Tensor.vstack([v, a]) }
    }

    @Test func sectionsAreCutAsInPyTorch() {
        let x = Tensor.arange(7)
        #expect(x.tensorSplit(3).map(\.numel) == [3, 2, 2])
        #expect(x.tensorSplit([2, -1, 3]).map(\.numel) == [2, 4, 0, 4])
        #expect(x.tensorSplit(Tensor([2, 5])).map(\.numel) == [2, 3, 2])
        #expect(x.tensorSplit(Tensor(9)).map(\.numel) == [1, 1, 1, 1, 1, 1, 1, 0, 0])
        #expect(a.hsplit(3).map(\.shape) == [[2, 1], [2, 1], [2, 1]])
        #expect(a.vsplit([1]).map(\.shape) == [[1, 3], [1, 3]])
        expectError(.argument, "equal pieces") { _ = a.hsplit(2) }
        expectError(.shape) { _ = x.vsplit(1) }
        expectError(.shape) { _ = a.dsplit(1) }
        expectError(.argument) { _ = x.tensorSplit(0) }
        expectError(.dtype) { _ = x.tensorSplit(Tensor([1.0])) }
        // Unlike the parts of split, sections may be written one by one.
        let y = leaf([1, 2, 3])
        let base = y * 1
        base.tensorSplit(3)[1].mul_(5)
        base.sum().backward()
        #expect(values(y.grad) == [1, 5, 1])
    }

    @Test func repeatingWorksInEveryRank() {
        #expect(values(Tensor([1, 2]).repeat(2, 2)) == [1, 2, 1, 2, 1, 2, 1, 2])
        #expect(a.tile(2).shape == [2, 6])
        #expect(a.repeat(0, 1).shape == [0, 3])
        // As many dimensions as there can be, all repeated: each element the sum of its digits.
        let digit = Tensor.arange(2)
        let shape = [Int](repeating: 2, count: 8)
        var sum = Tensor.zeros(shape, dtype: .int64)
        for i in 0..<8 {
            var column = [Int](repeating: 1, count: 8)
            column[i] = 2
            sum = sum + digit.reshape(column) * (1 << i)
        }
        let twice = sum.repeat(shape)
        #expect(twice.shape == [Int](repeating: 4, count: 8))
        var expected = sum
        for i in 0..<8 { expected = Tensor.cat([expected, expected], dim: i) }
        #expect((twice .== expected).all().item(as: Bool.self))
        let x = leaf([1, 2, 3])
        x.repeat(4, 2).sum().backward()
        #expect(values(x.grad) == [8, 8, 8])
        expectError(.argument) { _ = a.repeat(2) }
        expectError(.argument) { _ = a.repeat(1, -1) }
        expectError(.argument) { _ = a.repeat(.max, .max) }
    }

    @Test func turnsComeBackAfterFour() {
        #expect(values(a.rot90()) == [2, 5, 1, 4, 0, 3])
        #expect(values(a.rot90(-1)) == values(a.rot90(3)))
        #expect(values(a.rot90(2)) == [5, 4, 3, 2, 1, 0])
        #expect(values(a.rot90(.min)) == values(a))
        #expect(values(a.fliplr()) == [2, 1, 0, 5, 4, 3])
        #expect(values(a.flipud()) == [3, 4, 5, 0, 1, 2])
        expectError(.index) { _ = a.rot90(1, dims: [0, 0]) }
        expectError(.index) { _ = Tensor([1]).fliplr() }
        expectError(.index) { _ = Tensor(1).flipud() }
    }

    @Test func paddingPutsNumbersAroundAndCuts() {
        #expect(values(Tensor([1, 2]).constantPadNd([1, 2], value: 9)) == [9, 1, 2, 9, 9])
        #expect(values(a.constantPadNd([-1, 0, 0, -1])) == [1, 2])
        #expect(values(Tensor([1, 2]).constantPadNd([-2, 1], value: 7)) == [7])
        #expect(values(Tensor([1, 2, 3]).constantPadNd([-4, 3], value: 7)) == [7, 7])
        expectError(.argument) { _ = a.constantPadNd([1]) }
        expectError(.argument) { _ = a.constantPadNd([1, 1, 1, 1, 1, 1]) }
        expectError(.argument) { _ = a.constantPadNd([-2, -2]) }
        expectError(.argument) { _ = a.constantPadNd([.max, .max]) }
        expectError(.argument) { _ = a.constantPadNd([.min, .max]) }
    }

    @Test func gridsAndBroadcasts() {
        let (x, y) = (Tensor([1, 2, 3]), Tensor([4, 5]))
        #expect(Tensor.meshgrid([x, y]).map(\.shape) == [[3, 2], [3, 2]])
        #expect(values(Tensor.meshgrid([x, y])[1]) == [4, 5, 4, 5, 4, 5])
        #expect(values(Tensor.meshgrid([x, y], indexing: .xy)[0]) == [1, 2, 3, 1, 2, 3])
        #expect(
            Tensor.broadcastTensors([x, Tensor.zeros(2, 1)]).map(\.shape) == [[2, 3], [2, 3]])
        expectError(.shape) { _ = Tensor.meshgrid([a, x])[1] }
        expectError(.dtype) { _ = Tensor.meshgrid([x, y.to(.float32)])[1] }
        expectError(.argument) { _ = Tensor.meshgrid([]) }
        expectError(.shape) { _ = Tensor.broadcastTensors([x, y])[1] }
    }

    @Test func slicesAndNarrowsTakePlainNumbers() {
        let x = Tensor.arange(6)
        #expect(values(x.slice(start: -4, end: -1, step: 2)) == [2, 4])
        #expect(values(x.slice(start: 4)) == [4, 5])
        #expect(values(x.narrow(dim: 0, start: Tensor(-2), length: 2)) == [4, 5])
        expectError(.argument) { _ = x.slice(step: 0) }
        expectError(.index) { _ = Tensor(1).slice() }
        expectError(.dtype) { _ = x.narrow(dim: 0, start: Tensor(1.5), length: 1) }
        expectError(.shape) { _ = x.narrow(dim: 0, start: Tensor([1]), length: 1) }
        #expect(a.T.shape == [3, 2])
        #expect(Tensor.zeros(2, 3, 4).T.shape == [4, 3, 2])
    }

    @Test func linesEndWhereTheyShould() {
        #expect(values(Tensor.linspace(0, 1, 3)) == [0, 0.5, 1])
        #expect(values(Tensor.linspace(Tensor(1), 4.0, 4)) == [1, 2, 3, 4])
        #expect(values(Tensor.linspace(0, 10, 4, dtype: .int64)) == [0, 3, 6, 10])
        #expect(values(Tensor.logspace(0, 3, 4, dtype: .float64)) == [1, 10, 100, 1000])
        #expect(values(Tensor.logspace(0, Tensor(2), 3, base: 2)) == [1, 2, 4])
        expectError(.argument) { _ = Tensor.linspace(0, 1, -1) }
        expectError(.dtype) { _ = Tensor.logspace(0, 1, 2, dtype: .bool) }
        expectError(.dtype) { _ = Tensor.arange(0, 1, dtype: .bool) }
        expectError(.shape) { _ = Tensor.linspace(Tensor([1.0]), 1.0, 2) }
    }

    @Test func trianglesHaveTheirPositions() {
        for (rows, columns, offset) in [
            (3, 3, 0), (3, 5, 1), (5, 3, -2), (4, 4, 9), (4, 4, -9), (2, 6, 3), (1, 1, 0),
        ] {
            let ones = Tensor.ones(rows, columns)
            #expect(
                values(Tensor.trilIndices(rows, columns, offset: offset))
                    == values(ones.tril(diagonal: offset).nonzero().t()))
            #expect(
                values(Tensor.triuIndices(rows, columns, offset: offset))
                    == values(ones.triu(diagonal: offset).nonzero().t()))
        }
        #expect(Tensor.trilIndices(0, 4).shape == [2, 0])
        #expect(Tensor.triuIndices(.max, 0, offset: .min).shape == [2, 0])
        let far = 1 << 40
        #expect(Tensor.trilIndices(far, 1, offset: 2 - far).shape == [2, 2])
        #expect(Tensor.trilIndices(3, 3, offset: .min).numel == 0)
        expectError(.argument) { _ = Tensor.trilIndices(-1, 2) }
        expectError(.argument) { _ = Tensor.triuIndices(.max, .max) }
        expectError(.dtype) { _ = Tensor.triuIndices(2, 2, dtype: .float32) }
    }
}
