import Testing

@testable import AdjointCore

@Suite struct AssignTests {
    private let a = Tensor([[1.0, 2.0], [3.0, 4.0]])

    @Test("a result is written to the memory that is there, and its views see it")
    func writes() {
        let out = Tensor.zeros(2, 2)
        let row = out[1]
        let version = out.version
        #expect(out.assign { a.matmul(a) } === out)
        #expect(out.array(as: Double.self) == [7, 10, 15, 22])
        #expect(row.array(as: Double.self) == [15, 22] && out.version > version)
        out.t().assign { a }
        #expect(out.array(as: Double.self) == [1, 3, 2, 4])
    }

    @Test("a result of a lower kind is converted")
    func converts() {
        let out = Tensor.zeros(2, 2, dtype: .float64)
        out.assign { a.to(.int64) }
        #expect(out.array(as: Double.self) == [1, 2, 3, 4])
    }

    @Test("what cannot be written is refused, and nothing is written")
    func refusals() {
        let out = Tensor.zeros(2, 2)
        let leaf = Tensor([1.0, 2.0], requiresGrad: true)
        expectError(.autograd, "don't support automatic differentiation") {
            Tensor.zeros(2).assign { leaf.exp() }
        }
        expectError(.autograd, "don't support automatic differentiation") {
            leaf.assign { Tensor.zeros(2) }
        }
        expectError(.shape, "[2]") { out.assign { a[0] } }
        expectError(.shape, "[2, 2]") { out[0].assign { a } }
        expectError(.dtype, "can't be cast") { Tensor.zeros(2, 2, dtype: .int64).assign { a } }
        expectError(.shape) { out.assign { a.matmul(Tensor.ones(3)) } }
        #expect(out.array(as: Double.self) == [0, 0, 0, 0])
        noGrad { _ = leaf.assign { leaf * 2 } }
        #expect(leaf.detach().array(as: Double.self) == [2, 4])
    }
}
