// Weights in PyTorch's own format, out and in.
import Adjoint

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

final class Net: Module {
    let fc1 = Linear(2, 64), fc2 = Linear(64, 2)
    func callAsFunction(_ x: Tensor) -> Tensor { fc2(relu(fc1(x))) }
}

let path = "weights-\(getpid()).pt"
defer { unlink(path) }
let model = Net()

try savePyTorch(model.stateDict(), to: path)  // torch.load(path) gives the state dict
try model.loadStateDict(load(from: path))  // what torch.save(model.state_dict(), path) wrote

print(try load(from: path).keys.sorted())
// prints: ["fc1.bias", "fc1.weight", "fc2.bias", "fc2.weight"]
print(model.fc1.weight.shape)  // prints: [64, 2]
