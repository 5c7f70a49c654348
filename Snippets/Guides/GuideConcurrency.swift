// Tasks share tensors, and have modes, generators and errors of their own.
import Adjoint

// Passes at once, from any number of tasks, on one shared parameter: the sum is exact.
let w = Tensor([2.0], requiresGrad: true)
await withTaskGroup(of: Void.self) { group in
    for i in 1...8 { group.addTask { (w * Double(i)).backward() } }
}
print(w.grad!)  // prints: tensor([36.])

// A mode follows its task across `await`, and no other task sees it.
async let quiet = noGrad {
    await Task.yield()
    return (w * 2).requiresGrad
}
async let loud = (w * 2).requiresGrad
print(await (quiet, loud))  // prints: (false, true)

// A generator of its own makes what a task draws independent of what others draw.
func draw(_ seed: Int) async -> [Float] {
    await withGenerator(seed: seed) {
        await Task.yield()
        return Tensor.rand(3).array(as: Float.self)
    }
}
async let one = draw(1)
async let two = draw(2)
let drawn = await (one, two)
print(drawn.0 == withGenerator(seed: 1) { Tensor.rand(3).array(as: Float.self) })  // prints: true
print(drawn.0 == drawn.1)  // prints: false

// An error in one request is thrown there, and the others go on.
func answer(_ shape: [Int]) async -> String {
    do {
        return try await catchingTensorErrors {
            await Task.yield()
            return "\((Tensor.ones(shape) + Tensor.ones(2)).shape)"
        }
    } catch {
        return "refused"
    }
}
print(await answer([3, 2]), await answer([3]))  // prints: [3, 2] refused
