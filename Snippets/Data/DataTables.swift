// Tables and arrays of numbers as datasets; states divided among files.
import Adjoint

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

let folder = "snippet-data-\(getpid())"
mkdir(folder, 0o755)
defer { rmdir(folder) }

let table = folder + "/flowers.csv"
defer { unlink(table) }
try saveCSV(
    Tensor([[5.1, 1.4, 0], [7.0, 4.7, 1], [6.3, 6.0, 2]]), to: table,
    columns: ["sepal", "petal", "species"])
let flowers = try CSVDataset(table, target: "species")
print(flowers.columns, flowers.count)  // prints: ["sepal", "petal"] 3
for (x, y) in DataLoader(flowers, batchSize: 3) { print(x.shape, y.array(as: Int.self)) }
// prints: [3, 2] [0, 1, 2]

let (images, labels) = (folder + "/images", folder + "/labels")
defer { for path in [images, labels] { unlink(path) } }
try saveIDX(Tensor.zeros([10, 28, 28], dtype: .uint8), to: images)
try saveIDX(Tensor.zeros([10], dtype: .uint8), to: labels)
let digits = try IDXDataset(images: images, labels: labels).map(inputs: ToFloat())
print(try digits[0].0.shape)  // prints: [1, 28, 28]

// 100 bytes a file at most; a larger tensor has a file of its own.
let state: StateDict = ["a": .ones([20]), "b": .ones([20]), "c": .ones([5])]
try saveSharded(state, to: folder, maxShardBytes: 100)
let index = folder + "/model.safetensors.index.json"
print(try load(from: index).keys.sorted())  // prints: ["a", "b", "c"]
defer {
    unlink(index)
    for i in 1...2 { unlink("\(folder)/model-0000\(i)-of-00002.safetensors") }
}
