// Pictures: transforms of tensors, and folders of files.
import Adjoint

let picture = Tensor.arange(0, 3 * 8 * 8).reshape(3, 8, 8).to(.uint8)
let forTraining = Compose(
    RandomCrop(8, padding: 2), RandomHorizontalFlip(), ToFloat(),
    Normalize(mean: [0.5], std: [0.25]))
let forTesting = Compose(Resize(6), CenterCrop([4, 4]), Grayscale(), ToFloat())
print(forTraining(picture).shape, forTraining(picture).dtype)  // prints: [3, 8, 8] float32
print(forTesting(picture).shape)  // prints: [1, 4, 4]
print(HorizontalFlip()(picture)[0, 0].array(as: Int.self))  // prints: [7, 6, 5, 4, 3, 2, 1, 0]

// A folder a class; images are read, by threads, when their examples are wanted.
func epoch(of folder: String) throws {
    let images = try ImageFolder(folder)
    print(images.classes, images.count)
    let data = images.map(inputs: Compose(Resize([32, 32]), ToFloat()))
    var batches = DataLoader(data, batchSize: 64, shuffle: true, workers: 4).makeIterator()
    while let (x, y) = try batches.nextBatch() {
        print(x.shape, y.shape)
    }
}

do {
    try epoch(of: "no-such-folder")
} catch {
    print(error)  // prints: no-such-folder: there is no such folder; check the path
}

// PNG and JPEG files one by one.
func halve(_ path: String, to target: String) throws {
    let image = try loadImage(from: path, mode: .rgb)
    try savePNG(Resize([image.shape[1] / 2, image.shape[2] / 2])(image), to: target)
}
