import AdjointCore
import AdjointData
import Foundation

/// The small files that the calls of readers find in the folder.
enum MistakeFiles {
    static func write(to folder: String) throws {
        let numbers = Tensor.arange(12).reshape(4, 3)
        try saveCSV(numbers.to(.float64), to: folder + "/table.csv", columns: ["a", "b", "label"])
        try saveIDX(Tensor.zeros([4, 2, 3], dtype: .uint8), to: folder + "/images.idx")
        try saveIDX(Tensor.zeros([4], dtype: .uint8), to: folder + "/labels.idx")
        try save(["a": numbers], to: folder + "/weights.safetensors")
        for name in ["a", "b"] {
            let place = folder + "/images/" + name
            try FileManager.default.createDirectory(
                atPath: place, withIntermediateDirectories: true)
            try savePNG(Tensor.zeros([1, 2, 3], dtype: .uint8), to: place + "/0.png")
        }
    }
}
