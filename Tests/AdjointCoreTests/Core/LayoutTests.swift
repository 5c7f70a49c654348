import AdjointTesting
import Testing

@testable import AdjointCore

/// Lists of sizes, and where elements lie.
@Suite struct LayoutTests {
    @Test(arguments: 0...6) func dimsBehaveAsAnArray(_ count: Int) {
        let list = (0..<count).map { $0 * 3 + 1 }
        var dims = Dims(list)
        #expect(dims.count == count && dims.array == list && Array(dims) == list)
        #expect(dims == Dims(list) && dims.hashValue == Dims(list).hashValue)
        #expect(dims.product == list.reduce(1, *))
        #expect("\(dims)" == "\(list)")
        dims.append(9)
        #expect(dims.array == list + [9])
        dims.insert(8, at: 0)
        #expect(dims.array == [8] + list + [9])
        dims.remove(at: 0)
        dims.remove(at: count)
        #expect(dims.array == list)
        for i in 0..<count {
            dims[i] += 1
            #expect(dims[i] == list[i] + 1)
        }
    }

    @Test func productsOverflowToNilAndZeroWins() {
        #expect(Dims([.max, 2]).checkedProduct == nil)
        #expect(Dims([.max, 2, 0]).checkedProduct == 0)
        #expect(Dims([1 << 31, 1 << 31]).checkedProduct == 1 << 62)
        #expect(Dims([1 << 32, 1 << 32]).checkedProduct == nil)
        #expect(Dims().checkedProduct == 1)
    }

    @Test func tensorsOfMoreThanEightDimensionsAreRefused() {
        let ones = [Int](repeating: 1, count: 19)
        let one = numbers([1])
        let makers: [() -> Tensor] = [
            { .zeros(ones) }, { Tensor([1.0], shape: ones) }, { one.reshape(ones) },
            { one.repeated(ones) }, { one.expand(ones) }, { .rand(ones) },
        ]
        for make in makers {
            let error = tensorError { _ = make() }
            #expect(error?.message == "a tensor has at most 8 dimensions, not 19")
        }
        #expect(Tensor.zeros([Int](repeating: 1, count: 8)).ndim == 8)
        expectError(.shape, "8 dimensions") {
            _ = numbers([1]).expand([Int](repeating: 2, count: 9))
        }
        let deep = Tensor.zeros([Int](repeating: 1, count: 8))
        expectError(.shape, "8 dimensions") { _ = deep.unsqueeze(0) }
    }

    @Test func contiguousLayoutsAreRowMajor() {
        let layout = Layout(contiguous: [2, 3, 4])
        #expect(layout.strides.array == [12, 4, 1] && layout.count == 24 && layout.isContiguous)
        #expect(Layout(contiguous: [2, 0, 4]).strides.array == [4, 4, 1])
        #expect(Layout(contiguous: []).count == 1)
    }

    @Test func contiguityLooksPastDimensionsOfSizeOne() {
        #expect(Layout(sizes: [2, 1, 3], strides: [3, 77, 1], offset: 0).isContiguous)
        #expect(!Layout(sizes: [2, 3], strides: [1, 2], offset: 0).isContiguous)
        #expect(!Layout(sizes: [2, 3], strides: [4, 1], offset: 0).isContiguous)
        #expect(Layout(sizes: [0, 3], strides: [9, 9], offset: 0).isContiguous)
        #expect(Layout(sizes: [2, 3], strides: [3, 1], offset: 5).isContiguous)
    }

    @Test func overlapsAreSeen() {
        #expect(Layout(sizes: [3], strides: [0], offset: 0).mayOverlap)
        #expect(Layout(sizes: [3, 2], strides: [1, 1], offset: 0).mayOverlap)
        #expect(!Layout(sizes: [3, 2], strides: [1, 3], offset: 0).mayOverlap)
        #expect(!Layout(sizes: [3, 1], strides: [2, 0], offset: 0).mayOverlap)
        #expect(!Layout(sizes: [1], strides: [0], offset: 0).mayOverlap)
    }

    @Test func extentsEndAfterTheLastElement() {
        #expect(Layout(sizes: [2, 3], strides: [10, 2], offset: 5).extent == 20)
        #expect(Layout(sizes: [0, 3], strides: [10, 2], offset: 5).extent == 0)
        #expect(Layout(contiguous: []).extent == 1)
    }

    @Test func sharedElementsAreSeenThroughStrides() {
        let even = Layout(sizes: [4], strides: [2], offset: 0)
        #expect(!even.sharesElement(with: Layout(sizes: [4], strides: [2], offset: 1)))
        #expect(even.sharesElement(with: Layout(sizes: [4], strides: [2], offset: 2)))
        let point = Layout(sizes: [1], strides: [1], offset: 3)
        #expect(!point.sharesElement(with: Layout(sizes: [], strides: [], offset: 4)))
    }

    @Test func broadcastingFollowsTheUsualRule() {
        let cases: [(Dims, Dims, Dims?)] = [
            ([2, 3], [3], [2, 3]), ([3], [2, 3], [2, 3]), ([2, 1], [1, 3], [2, 3]),
            ([], [4], [4]), ([0], [1], [0]), ([1, 0], [5, 1], [5, 0]), ([2], [3], nil),
            ([0], [2], nil), ([2, 3], [2, 3], [2, 3]), ([], [], []),
        ]
        for (a, b, expected) in cases {
            #expect(Layout.broadcastSizes(a, b) == expected)
        }
        let row = Layout(sizes: [1, 3], strides: [3, 1], offset: 2).broadcast(to: [4, 2, 3])
        #expect(row.strides.array == [0, 0, 1] && row.offset == 2)
    }

    @Test func denseLayoutsKeepTheOrderOfDimensions() {
        #expect(Layout(sizes: [2, 3], strides: [1, 2], offset: 0).denseLike().strides == [1, 2])
        #expect(Layout(sizes: [2, 3], strides: [5, 50], offset: 7).denseLike().strides == [1, 2])
        #expect(Layout(sizes: [2, 3], strides: [0, 1], offset: 0).denseLike().strides == [3, 1])
    }

    @Test func viewsOfStridedLayoutsSplitAndMergeWhereTheyCan() {
        let rows = Layout(sizes: [4, 6], strides: [12, 1], offset: 3)
        #expect(rows.viewed(as: [2, 2, 3, 2])?.strides == [24, 12, 2, 1])
        #expect(rows.viewed(as: [24]) == nil)
        #expect(rows.viewed(as: [4, 1, 6])?.offset == 3)
        let transposed = Layout(sizes: [3, 2], strides: [1, 3], offset: 0)
        #expect(transposed.viewed(as: [6]) == nil)
        #expect(transposed.viewed(as: [3, 2, 1]) != nil)
        #expect(Layout(contiguous: [2, 3]).viewed(as: [3, 2])?.strides == [2, 1])
    }

    @Test func dimensionsCountFromBothEnds() throws {
        #expect(try Dim.resolve(-1, 3) == 2)
        #expect(try Dim.resolve(2, 3) == 2)
        #expect(try Dim.resolve(0, 0) == 0 && Dim.resolve(-1, 0) == 0)
        #expect(throws: TensorError.self) { try Dim.resolve(3, 3) }
        #expect(throws: TensorError.self) { try Dim.resolve(-4, 3) }
        #expect(throws: TensorError.self) { try Axes([0, -3]).mask(3) }
    }

    @Test func positionsOfElements() {
        let layout = Layout(sizes: [2, 3], strides: [1, 10], offset: 5)
        #expect((0..<6).map { layout.position(of: $0) } == [5, 15, 25, 6, 16, 26])
        #expect(layout.index(of: 4) == [1, 1])
    }
}
