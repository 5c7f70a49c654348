package import Foundation

/// A program that the build puts beside the tests.
package enum BuiltProgram {
    /// The program `name`: in the folder of the test program, or, on Apple platforms, in that of
    /// the test bundle, to which `marker` belongs. Nil where it was not built.
    package static func url(_ name: String, beside marker: AnyClass) -> URL? {
        let bundle = Bundle(for: marker)
        let places = [bundle.executableURL?.deletingLastPathComponent(), bundle.bundleURL]
        for place in places.compactMap({ $0?.resolvingSymlinksInPath() }) {
            for folder in [place, place.deletingLastPathComponent()] {
                let file = folder.appendingPathComponent(name)
                if FileManager.default.isExecutableFile(atPath: file.path) { return file }
            }
        }
        return nil
    }
}
