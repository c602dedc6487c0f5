# frozen_string_literal: true

# What the real Jekyll and jekyll-feed make of a site, as one JSON array on stdout, sorted by source:
#
#     LC_ALL=C.UTF-8 ruby jekyll_entries.rb [--keep-going] SITE_DIR [NOW]
#
# NOW (RFC 3339) is the time that the build believes it to be. Gems named in _config.yml that are not installed are left out, and
# said on stderr; `_plugins` is never run, unless JEKYLL_ENTRIES_PLUGINS=1. Layouts are not applied, pages are not rendered.
# Exit 1: Jekyll would have stopped; stderr has "STOPS: SOURCE: why". With --keep-going the other posts are printed all the same.

require "json"
require "time"
require "tmpdir"
require "jekyll"

OUT = $stdout.dup
$stdout = $stderr

keep_going = ARGV.delete("--keep-going")
abort "usage: jekyll_entries.rb [--keep-going] SITE_DIR [NOW]" unless [1, 2].include?(ARGV.size)
SITE_DIR, NOW = ARGV
$stopped = false
$at = nil

def stops(source, error)
  $stopped = true
  warn "STOPS: #{source || "the site"}: #{error.class}: #{error.message}"
end

if NOW
  fixed = Time.iso8601(NOW)
  Time.define_singleton_method(:now) { |**zone| fixed.dup.localtime(*zone.values) }
end

# The post at work is known when something goes wrong.
module Watched
  def read(*)
    $at = relative_path
    super.tap { $at = nil }
  rescue StandardError => e
    raise unless $keep_going && collection.label == "posts"

    stops(relative_path, e)
    self.content = nil # what Jekyll's reader skips
  end
end
$keep_going = keep_going
Jekyll::Document.prepend(Watched)

module NoLayout
  def place_in_layouts(content, *)
    content
  end
end
Jekyll::Renderer.prepend(NoLayout)

# Tags of plugins which the site asks for and which are not installed, as far as they matter to a post's text.
class GistTag < Liquid::Tag
  def render(context)
    id, file = @markup.split.map { |word| context.key?(word) ? context[word] : word.delete(%("')) }
    query = file ? "?file=#{file}" : ""
    %(<script src="https://gist.github.com/#{id}.js#{query}"> </script>)
  end
end
STAND_INS = {
  "jekyll-gist" => ["gist", GistTag],
  "jekyll-include-cache" => ["include_cached", Jekyll::Tags::IncludeTag],
}.freeze

# `{{ value | keep: "name" }}`: the value itself, as feed.xml has it before it is escaped.
module Keep
  def keep(value, name)
    (@context.registers[:kept][name] ||= []) << value
    ""
  end
end
Liquid::Template.register_filter(Keep)

# feed.xml of jekyll-feed 0.17, one template a field, so that one that fails does not hide the rest.
AUTHOR = <<~LIQUID
  {% assign post_author = post.author | default: post.authors[0] | default: site.author %}
  {% assign post_author = site.data.authors[post_author] | default: post_author %}
LIQUID
FIELDS = {
  "id"         => "{{ post.id | absolute_url | keep: 'id' }}",
  "url"        => "{{ post.url | absolute_url | keep: 'url' }}",
  "title"      => "{{ post.title | smartify | strip_html | normalize_whitespace | keep: 'title' }}",
  "date"       => "{{ post.date | date_to_xmlschema | keep: 'date' }}",
  "updated"    => "{{ post.last_modified_at | default: post.date | date_to_xmlschema | keep: 'updated' }}",
  "terms"      => "{% if post.category %}{{ post.category | keep: 'terms' }}{% elsif post.categories %}" \
                  "{% for category in post.categories %}{{ category | keep: 'terms' }}{% endfor %}{% endif %}" \
                  "{% for tag in post.tags %}{{ tag | keep: 'terms' }}{% endfor %}",
  "categories" => "{% for category in post.categories %}{{ category | keep: 'categories' }}{% endfor %}",
  "tags"       => "{% for tag in post.tags %}{{ tag | keep: 'tags' }}{% endfor %}",
  "authors"    => "#{AUTHOR}{% assign n = post_author.name | default: post_author %}{{ n | default: '' | keep: 'authors' }}",
  "email"      => "#{AUTHOR}{{ post_author.email | default: nil | keep: 'email' }}",
  "uri"        => "#{AUTHOR}{{ post_author.uri | default: nil | keep: 'uri' }}",
  "excerpt"    => "{{ post.excerpt | keep: 'excerpt' }}",
  "summary"    => "{% assign s = post.description | default: post.excerpt %}{% if s and s != empty %}" \
                  "{{ s | strip_html | normalize_whitespace | keep: 'summary' }}{% endif %}",
  "image"      => "{% assign i = post.image.path | default: post.image %}{% if i %}{% unless i contains '://' %}" \
                  "{% assign i = i | absolute_url %}{% endunless %}{{ i | keep: 'image' }}{% endif %}",
  "lang"       => "{{ post.lang | keep: 'lang' }}",
  "html"       => "{{ post.content | strip | keep: 'html' }}",
}.transform_values { |source| Liquid::Template.parse(source) }.freeze
LISTS = %w(terms categories tags).freeze

def plain(value)
  case value
  when nil, true, false, Numeric then value
  when Array then value.map { |one| plain(one) }
  when Hash then value.to_h { |key, one| [key.to_s, plain(one)] }
  when Time, DateTime then value.xmlschema
  else value.to_s.encode("UTF-8").scrub
  end
end

def entry(post, site, payload)
  entry = { "source" => plain(post.relative_path) }
  FIELDS.each do |name, template|
    kept = {}
    begin
      template.render!({ "site" => payload["site"], "post" => post.to_liquid },
                       :registers => { :site => site, :page => {}, :kept => kept })
      entry[name] = plain(LISTS.include?(name) ? kept[name].to_a : kept[name]&.first)
      entry[name].map!(&:to_s) if name == "terms" # as the feed writes them, `["a", 1]` for a list
    rescue StandardError => e
      raise unless %w(updated image).include?(name) # in feed.xml only the newest ten would stop the build

      warn "WOULD STOP the feed: #{post.relative_path}: #{name}: #{e.message}"
      entry[name] = nil
    end
  end
  entry["raw_title"] = plain(post.data["title"])
  entry["raw_author"] = plain(post.data["author"] || post.data["authors"])
  entry["draft"] = plain(post.data["draft"])
  entry
end

begin
  Dir.chdir(SITE_DIR)
  empty = Dir.mktmpdir
  at_exit { FileUtils.rm_rf(empty) }
  override = {
    "destination" => File.join(empty, "site"), "cache_dir" => ".never-made", "disable_disk_cache" => true, "quiet" => true,
    "incremental" => false, "profile" => false, "lsi" => false, "watch" => false,
  }
  override["time"] = NOW if NOW
  override["plugins_dir"] = File.join(empty, "plugins") unless ENV["JEKYLL_ENTRIES_PLUGINS"] == "1"
  config = Jekyll.configuration(override)

  missing = (config["plugins"] || []).reject do |name|
    require name.to_s
    true
  rescue LoadError
    false
  end
  config["plugins"] = (config["plugins"] || []) - missing
  wanted = missing.include?("github-pages") ? STAND_INS.keys : missing
  wanted.each { |name| Liquid::Template.register_tag(*STAND_INS[name]) if STAND_INS.key?(name) }
  if config["theme"].is_a?(String) && Gem::Specification.find_all_by_name(config["theme"].downcase.strip).empty?
    missing << config.delete("theme")
  end
  missing << config.delete("remote_theme") if config["remote_theme"]
  warn "left out: #{missing.join(", ")}" unless missing.empty?

  site = Jekyll::Site.new(config)
  site.reset
  site.read
  site.generate
  payload = site.site_payload
  Jekyll::Hooks.trigger :site, :pre_render, site, payload
  broken = []
  site.collections.each_value do |collection|
    collection.docs.each do |document|
      document.renderer.payload = payload
      document.output = document.renderer.run
      document.trigger_hooks(:post_render)
    rescue StandardError, ScriptError => e
      if collection.label == "posts"
        stops(document.relative_path, e)
        exit 1 unless keep_going
        broken << document
      else
        warn "not a post, passed over: #{document.relative_path}: #{e.message}"
      end
    end
  end

  posts = site.posts.docs - broken
  posts = posts.reject { |post| post.to_liquid["draft"] == true } unless site.show_drafts
  entries = posts.filter_map do |post|
    entry(post, site, payload)
  rescue StandardError => e
    stops(post.relative_path, e)
    exit 1 unless keep_going
  end
  entries.sort_by! { |one| one["source"].b }
  OUT.puts JSON.generate(entries)
rescue SystemExit
  exit 1
rescue Exception => e # rubocop:disable Lint/RescueException
  stops($at, e)
  warn e.backtrace.first(5) if ENV["JEKYLL_ENTRIES_DEBUG"]
end
exit $stopped ? 1 : 0
