import Testing

@testable import AdjointCore

/// The dtype in which leaves keep their gradients.
@Suite struct GradDTypeTests {
    @Test("a leaf keeps its gradient in its own dtype unless told otherwise")
    func ownDType() {
        let x = leaf([1], dtype: .bfloat16)
        #expect(x.gradDType == .bfloat16)
        x.sum().backward()
        #expect(x.grad?.dtype == .bfloat16)
    }

    @Test("a bfloat16 leaf with gradDType float32 sums its gradients in float32")
    func wider() {
        let x = leaf([1], dtype: .bfloat16)
        x.gradDType = .float32
        #expect(x.gradDType == .float32)
        x.sum().backward(gradient: Tensor([256.0]).to(.bfloat16)[0])
        #expect(x.grad?.dtype == .float32)
        for _ in 0..<3 { x.sum().backward() }
        // In bfloat16 the sum would stay at 256.
        #expect(values(x.grad) == [259])
    }

    @Test("with gradDType nil a gradient of any floating-point dtype may be assigned")
    func anyDType() {
        let x = leaf([1, 2], dtype: .float32)
        x.gradDType = nil
        #expect(x.gradDType == nil)
        x.grad = numbers([3, 4])
        #expect(x.grad?.dtype == .float64)
        x.sum().backward()
        #expect(values(x.grad) == [4, 5] && x.grad?.dtype == .float64)
        expectError(.dtype, "int64") { x.grad = Tensor([1, 2], dtype: .int64) }
    }

    @Test("a gradient that is assigned must have gradDType")
    func assignment() {
        let x = leaf([1], dtype: .float32)
        x.gradDType = .float64
        expectError(.dtype, "float32", "gradDType is float64") { x.grad = Tensor([1.0]) }
        x.grad = numbers([1])
        #expect(values(x.grad) == [1])
    }

    @Test(
        "gradDType is refused on computed tensors, for integers, and against a gradient that is there"
    )
    func refusals() {
        let x = leaf([1])
        expectError(.autograd, "leaf", "MulBackward") { (x * 2).gradDType = .float32 }
        expectError(.dtype, "int64") { x.gradDType = .int64 }
        x.sum().backward()
        expectError(.autograd, "grad is float64", "nil first") { x.gradDType = .float32 }
        #expect(x.gradDType == .float64)
        x.grad = nil
        x.gradDType = .float32
        x.sum().backward()
        #expect(x.grad?.dtype == .float32)
    }

    @Test("gradDType float32 keeps a differentiable gradient under createGraph")
    func createGraph() {
        let x = leaf([3])
        x.gradDType = .float32
        (x * x * x).sum().backward(createGraph: true)
        let second = grad(of: x.grad!.sum(), wrt: x)
        #expect(values(second) == [18] && second.dtype == .float64)
        x.grad = nil
    }
}
