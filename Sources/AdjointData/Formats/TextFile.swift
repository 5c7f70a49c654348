/// Text as a file.
package enum TextFile {
    /// Writes the text, as UTF-8, as a whole or not at all: what there was stays until all is
    /// written.
    package static func write(_ text: String, to path: String) throws(DataFileError) {
        try FileWriter.write(to: path) { sink in sink.put(Array(text.utf8)) }
    }
}
