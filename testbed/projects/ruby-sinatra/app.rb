# One poem a request.
require 'sinatra/base'

class Haiku < Sinatra::Base
  set :views, File.join(__dir__, 'views')
  set :host_authorization, permitted_hosts: []

  get('/') { erb :poem, locals: { lines: ['old pond', 'a frog jumps in', 'the sound of water'] } }
  get('/health') { "ok\n" }
  not_found { "no such page\n" }
end
