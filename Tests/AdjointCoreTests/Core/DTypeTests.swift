import Testing

@testable import AdjointCore

/// Promotion: PyTorch's table, all pairs.
@Suite struct DTypeTests {
    /// Rows and columns: uint8 int8 int16 int32 int64 float16 float32 float64 bfloat16 bool, as
    /// in PyTorch's documentation of `torch.promote_types`.
    static let order: [DType] = [
        .uint8, .int8, .int16, .int32, .int64, .float16, .float32, .float64, .bfloat16, .bool,
    ]
    static let table = """
        u1 i2 i2 i4 i8 f2 f4 f8 bf u1
        i2 i1 i2 i4 i8 f2 f4 f8 bf i1
        i2 i2 i2 i4 i8 f2 f4 f8 bf i2
        i4 i4 i4 i4 i8 f2 f4 f8 bf i4
        i8 i8 i8 i8 i8 f2 f4 f8 bf i8
        f2 f2 f2 f2 f2 f2 f4 f8 f4 f2
        f4 f4 f4 f4 f4 f4 f4 f8 f4 f4
        f8 f8 f8 f8 f8 f8 f8 f8 f8 f8
        bf bf bf bf bf f4 f4 f8 bf bf
        u1 i1 i2 i4 i8 f2 f4 f8 bf b1
        """
    static let names: [Substring: DType] = [
        "u1": .uint8, "i1": .int8, "i2": .int16, "i4": .int32, "i8": .int64, "f2": .float16,
        "f4": .float32, "f8": .float64, "bf": .bfloat16, "b1": .bool,
    ]

    @Test func everyPairPromotesAsPyTorchHasIt() {
        let rows = Self.table.split(separator: "\n").map { $0.split(separator: " ") }
        for (i, row) in rows.enumerated() {
            for (j, name) in row.enumerated() {
                let (a, b) = (Self.order[i], Self.order[j])
                #expect(DType.promote(a, b) == Self.names[name], "\(a) with \(b)")
                let sum = Tensor.ones(2, dtype: a) + Tensor.ones(2, dtype: b)
                #expect(sum.dtype == Self.names[name], "\(a) + \(b)")
            }
        }
    }

    @Test func dimensionsOutweighScalarsAndScalarsOutweighNumbers() {
        let f16 = Tensor.ones(2, dtype: .float16)
        #expect((f16 + Tensor(1.0, dtype: .float64)).dtype == .float16)
        #expect((f16 + 1.5).dtype == .float16)
        #expect((Tensor(1, dtype: .int32) + 1.5).dtype == .float32)
        #expect((Tensor.ones(2, dtype: .int64) + 1.5).dtype == .float32)
        #expect((Tensor.ones(2, dtype: .int8) + 1000).dtype == .int8)
        #expect((Tensor.ones(2, dtype: .bool) + 1).dtype == .int64)
        #expect((Tensor.ones(2, dtype: .int8) + Tensor(1.0, dtype: .float16)).dtype == .float16)
        #expect((Tensor.ones(2, dtype: .int8) + Tensor(1, dtype: .int64)).dtype == .int8)
        #expect((Tensor(1, dtype: .int8) + Tensor(1, dtype: .int64)).dtype == .int64)
    }

    @Test func sizesAndNames() {
        #expect(DType.allCases.count == 10)
        #expect(DType.allCases.map(\.itemSize) == [4, 8, 2, 2, 8, 4, 2, 1, 1, 1])
        #expect(DType.allCases.map(\.description) == DType.allCases.map { "\($0)" })
        #expect("\(DType.bfloat16)" == "bfloat16")
        #expect(DType.allCases.filter(\.isFloatingPoint).count == 4)
    }

    @Test func conversionsCutFractionsAndKeepSpecialValues() {
        #expect(values(numbers([1.9, -1.9]).to(.int64)) == [1, -1])
        #expect(values(numbers([0, 0.5, -2, .nan]).to(.bool)) == [0, 1, 1, 1])
        let half = numbers([65504, 65536, 1e-8, .infinity, 0.1]).to(.float16)
        #expect(values(half) == [65504, .infinity, 0, .infinity, 0.0999755859375])
        let brain = numbers([1, 1.00390625, 3.3895313892515355e38]).to(.bfloat16)
        #expect(values(brain) == [1, 1, 3.3895313892515355e38])
        #expect(values(numbers([.nan]).to(.bfloat16))![0].isNaN)
        #expect(values(Tensor([300, -1], dtype: .int64).to(.uint8)) == [44, 255])
    }
}
