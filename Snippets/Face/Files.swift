// A network's weights in a file, and back.
import Adjoint

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

func makeModel() -> Sequential { Sequential(Linear(3, 4), ReLU(), Linear(4, 1)) }

let path = "snippet-\(getpid()).safetensors"
defer { unlink(path) }

let model = makeModel()
try save(model.stateDict(), to: path)

let loaded: StateDict = try load(from: path)
print(loaded.keys.sorted())  // prints: ["0.bias", "0.weight", "2.bias", "2.weight"]

let other = makeModel()
try other.loadStateDict(loaded)
let x = Tensor.randn(2, 3)
print(model(x).array(as: Float.self) == other(x).array(as: Float.self))  // prints: true

// What does not fit is an error, and nothing of it is loaded.
do {
    try Linear(5, 5).loadStateDict(loaded)
} catch {
    print("refused")  // prints: refused
}
do {
    _ = try load(from: "no-such-file.safetensors")
} catch {
    print("not there")  // prints: not there
}
